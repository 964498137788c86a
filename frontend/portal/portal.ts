// Extras of the customer pages; each page reads and posts without them. Photos shrink before they travel, the signature
// pad appears, what was typed survives a reload.
import Compressor from "compressorjs";
import { all, icon, make, on, one } from "../shared/dom";
import { bytesInWords, say } from "../shared/words";

const longestSide = 1600;

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

async function takePhotos(input: HTMLInputElement): Promise<void> {
  const box = input.closest("[data-photos]")?.querySelector("[data-previews]");
  if (!box || input.dataset["shrunk"]) return;
  const chosen = Array.from(input.files ?? []);
  const kept = new DataTransfer();
  const items: HTMLElement[] = [];
  for (const file of chosen) {
    const small = file.type.startsWith("image/") ? await shrink(file) : file;
    kept.items.add(small);
    const words = small === file ? bytesInWords(file.size) : say("shrunk", { a: bytesInWords(file.size), b: bytesInWords(small.size) });
    const item = make("figure", { class: "photo" });
    item.append(small.type.startsWith("image/") ? make("img", { src: URL.createObjectURL(small), alt: "" }) : icon("video"));
    item.append(make("figcaption", {}, words));
    items.push(item);
  }
  input.files = kept.files;
  box.replaceChildren(...items);
}

function keepDrafts(): void {
  for (const form of all<HTMLFormElement>("form[data-keep]")) {
    const key = `anxiu-portal:${location.pathname}:${form.dataset["keep"] ?? ""}`;
    const stored = sessionStorage.getItem(key);
    const fields = (): (HTMLInputElement | HTMLTextAreaElement)[] =>
      all<HTMLInputElement>("textarea, input:not([type=hidden]):not([type=file]):not([type=password])", form);
    if (stored && !form.querySelector(".invalid")) {
      const values = JSON.parse(stored) as (string | boolean)[];
      fields().forEach((field, at) => {
        const value = values[at];
        if (typeof value === "boolean") (field as HTMLInputElement).checked = value;
        else if (value) field.value = value;
      });
    }
    form.addEventListener("input", () => sessionStorage.setItem(key, JSON.stringify(fields().map((field) =>
      field instanceof HTMLInputElement && /^(checkbox|radio)$/.test(field.type) ? field.checked : field.value))));
    form.addEventListener("submit", () => sessionStorage.removeItem(key));
  }
}

function guardSubmits(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.dataset["busy"]) return event.preventDefault();
    form.dataset["busy"] = "1";
    event.submitter?.classList.add("busy");
  });
  window.addEventListener("pageshow", () => {
    for (const form of all("form[data-busy]")) delete form.dataset["busy"];
    for (const button of all(".busy")) button.classList.remove("busy");
  });
}

on("change", "[data-photos] input[type=file]", (input) => void takePhotos(input as HTMLInputElement));
keepDrafts();
guardSubmits();
if (one("[data-signature]")) void import("../shared/signature").then((pads) => pads.startPads());
