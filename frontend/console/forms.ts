// Forms: no double submit, drafts kept until sent, pictures previewed, small conveniences.
import { all, icon, make, on, one } from "../shared/dom";
import { bytesInWords, say } from "../shared/words";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
const draftName = (form: HTMLFormElement): string => `anxiu-draft:${form.dataset["keep"] ?? ""}`;
const keepable = (form: HTMLFormElement): Field[] =>
  Array.from(form.elements).filter((element): element is Field =>
    (element instanceof HTMLInputElement && !/^(hidden|password|file|submit|button)$/.test(element.type)) ||
    element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement);

function save(form: HTMLFormElement): void {
  const values = keepable(form)
    .filter((field) => field.name)
    .map((field) => {
      if (field instanceof HTMLSelectElement) return [field.name, Array.from(field.selectedOptions, (o) => o.value)];
      const choice = field instanceof HTMLInputElement && /^(checkbox|radio)$/.test(field.type);
      return [field.name, choice ? [field.value, field.checked] : field.value];
    });
  sessionStorage.setItem(draftName(form), JSON.stringify(values));
}

function restore(form: HTMLFormElement): void {
  const stored = sessionStorage.getItem(draftName(form));
  if (!stored || form.dataset["kept"] || form.querySelector(".is-invalid")) return;
  form.dataset["kept"] = "1";
  const rows = JSON.parse(stored) as [string, string | [string, boolean] | string[]][];
  keepable(form).filter((field) => field.name).forEach((field, at) => {
    const [name, value] = rows[at] ?? [];
    if (name !== field.name || value === undefined) return;
    if (field instanceof HTMLSelectElement) for (const o of field.options) o.selected = value.includes(o.value as never);
    else if (Array.isArray(value)) (field as HTMLInputElement).checked = value[0] === field.value && value[1] === true;
    else field.value = value;
  });
  const note = one("[data-kept-note]", form);
  if (note) note.textContent = say("kept");
}

/** A plain submit leaves the page: the draft goes once the next page does not show the same form again. */
function settleDrafts(): void {
  const sent = sessionStorage.getItem("anxiu-sent");
  if (!sent) return;
  sessionStorage.removeItem("anxiu-sent");
  const again = all<HTMLFormElement>("form[data-keep]").some((form) => draftName(form) === sent && form.querySelector(".is-invalid"));
  if (!again) sessionStorage.removeItem(sent);
}

function startDrafts(): void {
  settleDrafts();
  const restoreAll = (): void => all<HTMLFormElement>("form[data-keep]").forEach(restore);
  restoreAll();
  document.addEventListener("htmx:after:swap", restoreAll);
  on("input", "form[data-keep]", (form) => save(form as HTMLFormElement));
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const byHtmx = form.hasAttribute("hx-post") || form.hasAttribute("hx-put") || form.hasAttribute("hx-patch");
    if (form.dataset["keep"] !== undefined && !byHtmx) sessionStorage.setItem("anxiu-sent", draftName(form));
  });
  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    const form = (ctx.sourceElement as HTMLElement).closest<HTMLFormElement>("form[data-keep]");
    if (form && ctx.request.method !== "GET" && (ctx.response?.status ?? 500) < 400) sessionStorage.removeItem(draftName(form));
  });
}

/** A second submit of a form that is under way is swallowed; the button that was pressed shows it. */
function startSubmitGuard(): void {
  const release = (form: HTMLElement): void => {
    delete form.dataset["busy"];
    for (const button of all("[aria-disabled]", form)) button.removeAttribute("aria-disabled");
  };
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.method === "get" || form.method === "dialog") return;
    if (form.dataset["busy"]) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    // Checked after every other listener, so that a refused submit leaves the form usable.
    setTimeout(() => {
      const byHtmx = form.matches("[hx-post], [hx-put], [hx-patch], [hx-delete]");
      if (event.defaultPrevented && !byHtmx) return;
      form.dataset["busy"] = "1";
      event.submitter?.setAttribute("aria-disabled", "true");
      if (form.target || form.dataset["stays"] !== undefined) setTimeout(() => release(form), 2000);
    });
  }, true);
  document.addEventListener("htmx:finally:request", (event) => {
    const form = (event.detail.ctx.sourceElement as HTMLElement).closest("form");
    setTimeout(() => form && release(form), 1);
  });
  document.addEventListener("htmx:confirm", (event) => {
    const form = (event.detail.ctx.sourceElement as HTMLElement).closest("form");
    if (event.detail.ctx.sourceElement.hasAttribute("hx-confirm")) setTimeout(() => form && release(form), 1);
  });
  window.addEventListener("pageshow", () => all("form[data-busy]").forEach(release));
}

function preview(input: HTMLInputElement): void {
  const box = input.closest(".x-field")?.querySelector(".x-previews");
  if (!box) return;
  for (const image of all<HTMLImageElement>("img", box)) URL.revokeObjectURL(image.src);
  const items = Array.from(input.files ?? []).map((file, at) => {
    const item = make("div", { class: "x-preview", title: file.name });
    item.append(file.type.startsWith("image/") ? make("img", { src: URL.createObjectURL(file), alt: "" }) : icon("file", "x-icon-l"));
    item.append(make("small", {}, bytesInWords(file.size)));
    const drop = make("button", { type: "button", "aria-label": `${say("remove")} ${file.name}` }, icon("x"));
    drop.addEventListener("click", () => {
      const rest = new DataTransfer();
      Array.from(input.files ?? []).filter((_, i) => i !== at).forEach((kept) => rest.items.add(kept));
      input.files = rest.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    item.append(drop);
    return item;
  });
  box.replaceChildren(...items);
}

// A form that comes back, refused or only tried (`data-again`), has lost its files: browsers give none to a new input.
// We hand the chosen ones on.
function carryFiles(): void {
  let chosen = new Map<string, FileList>();
  let refused = false;
  const inputs = (): HTMLInputElement[] => all<HTMLInputElement>("form input[type=file]");
  document.addEventListener("htmx:before:swap", (event) => {
    chosen = new Map();
    refused = event.detail.ctx.response?.status === 422;
    for (const input of inputs()) if (input.files?.length) chosen.set(input.name, input.files);
  });
  document.addEventListener("htmx:after:swap", () => {
    for (const input of inputs()) {
      const files = chosen.get(input.name);
      const again = refused || input.form?.dataset["again"] !== undefined;
      if (files && again && !input.files?.length) input.files = files;
      if (input.files?.length) preview(input);
    }
    chosen.clear();
  });
}

function startFiles(): void {
  carryFiles();
  on("change", ".x-drop input[type=file]", (input) => preview(input as HTMLInputElement));
  for (const type of ["dragenter", "dragover"] as const) on(type, ".x-drop", (drop) => drop.classList.add("is-over"));
  for (const type of ["dragleave", "drop"] as const) on(type, ".x-drop", (drop) => drop.classList.remove("is-over"));
}

function startSecrets(): void {
  on("click", "[data-reveal]", (button) => {
    const input = button.parentElement?.querySelector<HTMLInputElement>("input");
    if (!input) return;
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    button.replaceChildren(icon(shown ? "eye" : "eye-off"));
  });
}

export function startForms(): void {
  startSubmitGuard();
  startDrafts();
  startFiles();
  startSecrets();
  on("change", "[data-submit-on-change]", (element) => {
    const form = element instanceof HTMLFormElement ? element : (element as HTMLInputElement).form;
    form?.requestSubmit();
  });
}
