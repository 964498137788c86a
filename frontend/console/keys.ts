// Keyboard: `/` search, `g` then a letter goes to a page, `j` and `k` move in the list, Enter opens, `?` lists them all.
import { all, isTyping, make, on, one } from "../shared/dom";

let going = 0;
// By address, not by element: a list that refreshes itself under the reader keeps the row they are on.
let cursor = "";

const rowsShown = (): HTMLElement[] => all(".x-table tbody tr[data-href]").filter((row) => row.offsetParent !== null);

function mark(): void {
  for (const row of rowsShown()) row.classList.toggle("is-cursor", cursor !== "" && row.dataset["href"] === cursor);
}

function move(step: number): void {
  const rows = rowsShown();
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.dataset["href"] === cursor);
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))] ?? rows[0];
  cursor = next?.dataset["href"] ?? "";
  mark();
  next?.scrollIntoView({ block: "nearest" });
}

function openRow(): void {
  const row = one(".x-table tr.is-cursor[data-href]");
  if (row) location.assign(row.dataset["href"] ?? "");
}

function listShortcuts(): void {
  const dialog = one<HTMLDialogElement>("#x-keys");
  const list = dialog && one("[data-keys-go]", dialog);
  if (!dialog || !list) return;
  list.replaceChildren(...all<HTMLAnchorElement>(".x-side [data-go]").flatMap((link) => [
    make("dt", {}, one(".x-nav-label", link)?.textContent?.trim() ?? ""),
    make("dd", {}, make("kbd", {}, "g"), make("kbd", {}, link.dataset["go"] ?? "")),
  ]));
  dialog.showModal();
}

function press(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isTyping(event.target) || one("dialog[open]")) return;
  if (performance.now() - going < 1200) {
    going = 0;
    const link = one<HTMLAnchorElement>(`[data-go="${CSS.escape(event.key)}"]`);
    if (link) return void location.assign(link.href);
  }
  const onControl = event.target instanceof Element && event.target.closest("a, button, summary");
  switch (event.key) {
    case "/":
      event.preventDefault();
      return void one<HTMLInputElement>(".x-search.is-global input")?.focus();
    case "?":
      return listShortcuts();
    case "g":
      going = performance.now();
      return;
    case "j":
      return move(1);
    case "k":
      return move(-1);
    case "Enter":
      if (!onControl) openRow();
  }
}

export function startKeys(): void {
  document.addEventListener("keydown", press);
  document.addEventListener("htmx:after:swap", mark);
  on("click", "[data-shortcuts]", listShortcuts);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of all("details.x-menu[open]")) menu.removeAttribute("open");
    if (event.target instanceof HTMLInputElement && event.target.type === "search") event.target.blur();
  });
}
