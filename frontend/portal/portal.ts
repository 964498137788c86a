// Extras of the customer pages; each page reads and posts without them. Photos shrink before they travel, the signature
// pad appears, what was typed survives a reload.
import Compressor from "compressorjs";
import { all, icon, make, on, one } from "../shared/dom";
import { bytesInWords, say } from "../shared/words";

const longestSide = 1600;
// What the server takes of one video and of one request; said here before somebody waits for an upload in vain.
const largest = 100_000_000;
const together = 240_000_000;

const shrink = (file: File): Promise<File> =>
  new Promise((resolve) => {
    new Compressor(file, {
      maxWidth: longestSide,
      maxHeight: longestSide,
      quality: 0.72,
      convertSize: 1_000_000,
      success: (blob) => resolve(blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: blob.type }) : file),
      // A format this browser cannot draw (HEIC) goes as it is; the server reads it.
      error: () => resolve(file),
    });
  });

// What was chosen so far, by input: choosing again adds to it, where a bare file input would forget.
const chosen = new WeakMap<HTMLInputElement, File[]>();

function showPhotos(input: HTMLInputElement, files: { file: File; words: string }[]): void {
  const box = input.closest("[data-photos]")?.querySelector("[data-previews]");
  if (!box) return;
  const kept = new DataTransfer();
  const items = files.map(({ file, words }, at) => {
    kept.items.add(file);
    const item = make("figure", { class: "photo" });
    item.append(file.type.startsWith("image/") ? make("img", { src: URL.createObjectURL(file), alt: "" }) : icon("video"));
    item.append(make("figcaption", {}, words));
    const away = make("button", { class: "photo-away", type: "button", "aria-label": say("remove") });
    away.append(icon("x"));
    away.addEventListener("click", () => {
      const left = files.filter((_, other) => other !== at);
      chosen.set(input, left.map((each) => each.file));
      showPhotos(input, left);
    });
    item.append(away);
    return item;
  });
  input.files = kept.files;
  box.replaceChildren(...items);
}

async function takePhotos(input: HTMLInputElement): Promise<void> {
  const most = Number(input.closest<HTMLElement>("[data-photos]")?.dataset["photos"]) || 12;
  const before = chosen.get(input) ?? [];
  const files = before.map((file) => ({ file, words: bytesInWords(file.size) }));
  const left: string[] = [];
  for (const file of Array.from(input.files ?? [])) {
    const sum = files.reduce((bytes, each) => bytes + each.file.size, 0);
    if (file.size > largest || sum + file.size > together) {
      left.push(say("tooLarge", { name: file.name, max: bytesInWords(file.size > largest ? largest : together) }));
      continue;
    }
    const small = file.type.startsWith("image/") ? await shrink(file) : file;
    const words = small === file ? bytesInWords(file.size) : say("shrunk", { a: bytesInWords(file.size), b: bytesInWords(small.size) });
    files.push({ file: small, words });
  }
  const kept = files.slice(0, most);
  chosen.set(input, kept.map((each) => each.file));
  showPhotos(input, kept);
  input.closest("[data-photos]")?.querySelectorAll("[data-left]").forEach((each) => each.remove());
  for (const words of left) input.closest("[data-photos]")?.append(make("p", { class: "error", "data-left": "", role: "status" }, words));
}

const draftKey = (name: string): string => `anxiu-portal:${location.pathname}:${name}`;

function keepDrafts(): void {
  // A draft goes when its form has arrived, not when it is sent: a line that breaks must not take the words with it.
  if (one("[data-sent]")) {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith("anxiu-portal:")) sessionStorage.removeItem(key);
  }
  for (const form of all<HTMLFormElement>("form[data-keep]")) {
    const key = draftKey(form.dataset["keep"] ?? "");
    const stored = sessionStorage.getItem(key);
    const fields = (): (HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement)[] =>
      all<HTMLInputElement>("textarea, select, input:not([type=hidden]):not([type=file]):not([type=password])", form)
        .filter((field) => field.name !== "drop" && field.name !== "website");
    if (stored && !document.querySelector("[role=alert]")) {
      const values = JSON.parse(stored) as (string | boolean)[];
      fields().forEach((field, at) => {
        const value = values[at];
        if (typeof value === "boolean") (field as HTMLInputElement).checked = value;
        else if (value) field.value = value;
      });
    }
    form.addEventListener("input", () => sessionStorage.setItem(key, JSON.stringify(fields().map((field) =>
      field instanceof HTMLInputElement && /^(checkbox|radio)$/.test(field.type) ? field.checked : field.value))));
  }
}

const idle = new WeakMap<HTMLElement, ChildNode[]>();

function guardSubmits(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.dataset["busy"]) return event.preventDefault();
    form.dataset["busy"] = "1";
    const button = event.submitter;
    button?.classList.add("busy");
    if (button?.dataset["busy"]) {
      idle.set(button, [...button.childNodes]);
      button.textContent = button.dataset["busy"];
    }
  });
  window.addEventListener("pageshow", () => {
    for (const form of all("form[data-busy]")) delete form.dataset["busy"];
    for (const button of all(".busy")) {
      button.classList.remove("busy");
      button.replaceChildren(...(idle.get(button) ?? button.childNodes));
    }
  });
}

function offerCopies(): void {
  for (const button of all("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", () => void navigator.clipboard.writeText(button.dataset["copy"] ?? "").then(() => {
      button.lastChild!.textContent = button.dataset["copied"] ?? "";
    }));
  }
}

// The pad takes its place before its script has come, so that nothing moves under a finger; without it a photo serves.
function offerPads(): void {
  const boxes = all<HTMLElement>("[data-signature]");
  if (!boxes.length) return;
  const show = (drawn: boolean): void => {
    for (const box of boxes) {
      box.hidden = !drawn;
      const photo = box.parentElement && one<HTMLDetailsElement>("[data-signature-photo]", box.parentElement);
      if (photo) photo.open = !drawn;
    }
  };
  show(true);
  import("../shared/signature").then((pads) => pads.startPads()).catch(() => show(false));
}

function offerPlace(): void {
  const box = one("[data-place]");
  const form = box?.closest("form");
  const tick = box && one<HTMLInputElement>("input", box);
  const said = box && one("[data-place-said]", box);
  if (!box || !form || !tick || !said || !("geolocation" in navigator) || !isSecureContext) return;
  const put = (name: string, value: string): void => { (form.elements.namedItem(name) as HTMLInputElement).value = value; };
  box.hidden = false;
  tick.addEventListener("change", () => {
    for (const name of ["latitude", "longitude", "accuracy"]) put(name, "");
    said.textContent = "";
    if (!tick.checked) return;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      put("latitude", String(coords.latitude));
      put("longitude", String(coords.longitude));
      put("accuracy", String(Math.round(coords.accuracy)));
      said.textContent = said.dataset["done"] ?? "";
    }, () => {
      tick.checked = false;
      said.textContent = said.dataset["failed"] ?? "";
    }, { enableHighAccuracy: true, timeout: 15_000 });
  });
}

on("change", "[data-photos] input[type=file]", (input) => void takePhotos(input as HTMLInputElement));
keepDrafts();
guardSubmits();
offerCopies();
offerPads();
offerPlace();
one("[role=alert]")?.scrollIntoView({ block: "center" });
