// Dialogs. `data-dialog="#id"` opens one that is in the page; `data-dialog="/orders/7/cancel/"` fetches its content into
// the shared one. A form inside posts by htmx: 422 renders in place, 204 closes, HX-Redirect goes on.
import htmx from "htmx.org";
import { all, make, on, one } from "../shared/dom";
import { say } from "../shared/words";
import { announce } from "./live";
import { toast } from "./toast";

let opener: HTMLElement | null = null;

function show(dialog: HTMLDialogElement, from: HTMLElement | null): void {
  opener = from;
  if (!dialog.open) dialog.showModal();
  // Under a finger a focused field would bring up the keyboard over what is to be read first.
  const first = matchMedia("(pointer: coarse)").matches ? null : one("[autofocus], .x-input, .x-select, input:not([type=hidden])", dialog);
  // Without a field the first button has it: in a question about something final that is "Cancel".
  (first ?? one(".x-dialog-foot .x-btn", dialog))?.focus();
}

async function load(url: string, from: HTMLElement): Promise<void> {
  const dialog = one<HTMLDialogElement>("#x-dialog");
  const body = dialog && one("[data-dialog-body]", dialog);
  if (!dialog || !body) return;
  dialog.className = `x-dialog ${from.dataset["dialogSize"] ?? ""}`;
  body.replaceChildren(make("div", { class: "x-empty", role: "status" }, say("loading")));
  show(dialog, from);
  try {
    const headers = { "HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#x-dialog-body" };
    const answer = await fetch(url, { headers: { ...headers, "HX-Current-URL": location.href }, credentials: "same-origin" });
    const redirect = answer.headers.get("HX-Redirect") ?? (answer.redirected ? answer.url : null);
    if (redirect) return void location.assign(redirect);
    if (answer.status >= 400 && answer.status !== 422) throw new Error(String(answer.status));
    await htmx.swap({ text: await answer.text(), sourceElement: body, target: body, swap: "innerHTML" });
    show(dialog, from);
  } catch (error) {
    dialog.close();
    toast(say(error instanceof TypeError ? "offline" : /40[13]/.test(String(error)) ? "denied" : "failed"), "error");
  }
}

/** A question before what cannot be undone, in our own dialog instead of the browser's. */
function confirmInDialog(question: string, go: () => void, stop: () => void, source: HTMLElement): void {
  const dialog = one<HTMLDialogElement>("#x-confirm");
  const text = dialog && one("[data-confirm-text]", dialog);
  const yes = dialog && one("[data-confirm-yes]", dialog);
  if (!dialog || !text || !yes) return void (window.confirm(question) ? go() : stop());
  text.textContent = question;
  yes.textContent = source.dataset["confirmYes"] ?? yes.dataset["label"] ?? yes.textContent;
  dialog.returnValue = "";
  dialog.addEventListener("close", () => (dialog.returnValue === "yes" ? go() : stop()), { once: true });
  show(dialog, source);
}

export function closeDialogs(): void {
  for (const dialog of all<HTMLDialogElement>("dialog[open]")) dialog.close();
}

export function startDialogs(): void {
  on("click", "[data-dialog]", (button, event) => {
    event.preventDefault();
    const wanted = button.dataset["dialog"] ?? "";
    button.closest("details")?.removeAttribute("open");
    if (!wanted.startsWith("#")) return void load(wanted, button);
    const dialog = one<HTMLDialogElement>(wanted);
    if (dialog) show(dialog, button);
  });
  on("click", "[data-dialog-close]", (button) => button.closest("dialog")?.close());
  // A click on the backdrop is a click on the dialog element itself, outside its box.
  on("mousedown", "dialog", (dialog, event) => {
    if (event.target !== dialog || dialog.querySelector("form")) return;
    const box = dialog.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) (dialog as HTMLDialogElement).close();
  });
  document.addEventListener("close", (event) => {
    if (event.target instanceof HTMLDialogElement && opener?.isConnected) opener.focus();
  }, true);

  document.addEventListener("htmx:confirm", (event) => {
    const { ctx, issueRequest, dropRequest } = event.detail;
    const question = ctx.sourceElement.getAttribute("hx-confirm");
    if (!question) return;
    event.preventDefault();
    confirmInDialog(question, () => void issueRequest(), dropRequest, ctx.sourceElement as HTMLElement);
  });
  on("submit", "form[data-confirm]", (form, event) => {
    if (form.dataset["confirmed"]) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    confirmInDialog(form.dataset["confirm"] ?? "", () => {
      form.dataset["confirmed"] = "1";
      (form as HTMLFormElement).requestSubmit(submitter);
      delete form.dataset["confirmed"];
    }, () => undefined, submitter ?? form);
  }, true);
  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    const source = ctx.sourceElement as HTMLElement;
    if (ctx.response?.status !== 204 || !source.closest("dialog")) return;
    source.closest("dialog")?.close();
    announce(["*"]);
  });
}
