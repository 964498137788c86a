// The signature pad: `<div data-signature="name"><canvas></canvas><input type="hidden"></div>`. The drawing leaves as a
// PNG data address in the hidden field; a photo of one serves where there is no script.
import SignaturePad from "signature_pad";
import { all, one } from "./dom";

function fit(canvas: HTMLCanvasElement, pad: SignaturePad): void {
  const ratio = Math.max(devicePixelRatio || 1, 1);
  const strokes = pad.toData();
  canvas.width = canvas.offsetWidth * ratio;
  canvas.height = canvas.offsetHeight * ratio;
  canvas.getContext("2d")?.scale(ratio, ratio);
  pad.clear();
  pad.fromData(strokes);
}

function startPad(box: HTMLElement): void {
  const canvas = one<HTMLCanvasElement>("canvas", box);
  const field = one<HTMLInputElement>("input[type=hidden]", box);
  if (!canvas || !field) return;
  box.dataset["ready"] = "1";
  box.hidden = false;
  const photo = box.parentElement && one<HTMLDetailsElement>("[data-signature-photo]", box.parentElement);
  if (photo) photo.open = false;
  // The ink is dark on white in both themes: the picture goes into a document.
  const pad = new SignaturePad(canvas, { penColor: "#10203f", backgroundColor: "#ffffff", minWidth: 0.9, maxWidth: 2.8 });
  const state = (): void => {
    field.value = pad.isEmpty() ? "" : pad.toDataURL("image/png");
    box.classList.toggle("is-signed", !pad.isEmpty());
  };
  pad.addEventListener("endStroke", state);
  one("[data-signature-clear]", box)?.addEventListener("click", () => {
    pad.clear();
    state();
  });
  // A pad inside a sheet has no size until the sheet is open.
  new ResizeObserver(() => canvas.offsetWidth && fit(canvas, pad)).observe(canvas);
}

export function startPads(): void {
  all("[data-signature]:not([data-ready])").forEach(startPad);
}
