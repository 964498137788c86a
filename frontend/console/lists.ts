// Listings: whole rows open, ticked rows get their bar, and empty filters stay out of the address.
import { all, on, one } from "../shared/dom";
import { say } from "../shared/words";

function showPicked(scope: HTMLElement): void {
  const boxes = all<HTMLInputElement>("[data-pick]", scope);
  const picked = boxes.filter((box) => box.checked);
  for (const box of boxes) box.closest("tr")?.classList.toggle("is-picked", box.checked);
  const head = one<HTMLInputElement>("[data-pick-all]", scope);
  if (head) {
    head.checked = picked.length > 0 && picked.length === boxes.length;
    head.indeterminate = picked.length > 0 && picked.length < boxes.length;
  }
  const bar = one("[data-picked]", scope);
  if (!bar) return;
  bar.hidden = picked.length === 0;
  const words = one("[data-picked-text]", bar);
  if (words) words.textContent = say("picked", { n: picked.length });
}

export function startLists(): void {
  on("click", "tr[data-href]", (row, event) => {
    const target = event.target as Element;
    if (target.closest("a, button, input, label, summary, select, form") || getSelection()?.toString()) return;
    const url = row.dataset["href"] ?? "";
    if (event.ctrlKey || event.metaKey) window.open(url, "_blank", "noopener");
    else location.assign(url);
  });
  on("change", "[data-pick]", (box) => showPicked(box.closest<HTMLElement>("[data-listing]") ?? document.body));
  on("change", "[data-pick-all]", (head) => {
    const scope = head.closest<HTMLElement>("[data-listing]") ?? document.body;
    for (const box of all<HTMLInputElement>("[data-pick]", scope)) box.checked = (head as HTMLInputElement).checked;
    showPicked(scope);
  });
  document.addEventListener("htmx:config:request", (event) => {
    const { request } = event.detail.ctx;
    if (request.method !== "GET" || !(request.body instanceof FormData)) return;
    const url = new URL(request.action, location.href);
    for (const [key, value] of [...request.body]) {
      if (value !== "") continue;
      request.body.delete(key);
      url.searchParams.delete(key);
    }
    request.action = url.pathname + url.search;
  });
}
