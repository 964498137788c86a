// Short messages at the corner: Django's own are in the page, those of htmx answers come as an `anxiu:toast` event.
import { icon, make, on, one } from "../shared/dom";
import { say } from "../shared/words";

const looks: Record<string, [tone: string, icon: string]> = {
  success: ["green", "circle-check"],
  info: ["blue", "info-circle"],
  warning: ["amber", "alert-triangle"],
  error: ["red", "alert-circle"],
};

export function toast(text: string, level = "info"): void {
  const [tone, name] = looks[level] ?? ["blue", "info-circle"];
  const close = make("button", { type: "button", class: "x-iconbtn is-s", "data-toast-close": "", "aria-label": say("close") }, icon("x"));
  const item = make("div", { class: `x-toast x-tone-${tone}`, role: level === "error" ? "alert" : "status" });
  item.append(icon(name), make("div", { class: "x-grow" }, text), close);
  one("#x-toasts")?.append(item);
  retire(item);
}

/** Errors, and what holds something to copy, stay until closed; the rest leave by themselves, not while the pointer rests on them. */
function retire(item: HTMLElement): void {
  if (item.getAttribute("role") === "alert" || item.querySelector("[data-copy]")) return;
  const leave = (): void => void (item.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : item.remove());
  setTimeout(leave, 6000);
}

export function startToasts(): void {
  on("click", "[data-toast-close]", (button) => button.closest(".x-toast")?.remove());
  document.addEventListener("anxiu:toast", (event) => {
    const { text, level } = (event as CustomEvent<{ text?: string; level?: string }>).detail;
    if (text) toast(text, level);
  });
  for (const item of document.querySelectorAll<HTMLElement>("#x-toasts .x-toast")) retire(item);
}
