// Counts every promise on the page down: `<span class="x-clock" data-due="…" data-warn="…">` as the server rendered it.
import { all, serverNow } from "../shared/dom";
import { minutesInWords, say } from "../shared/words";

function tick(): void {
  const now = serverNow();
  for (const clock of all(".x-clock[data-due]")) {
    const due = Date.parse(clock.dataset["due"] ?? "");
    if (Number.isNaN(due)) continue;
    const left = due - now;
    const warn = Date.parse(clock.dataset["warn"] ?? "");
    const late = left < 0;
    clock.classList.toggle("is-late", late);
    clock.classList.toggle("is-warn", !late && now >= warn);
    const words = say(late ? "late" : "left", { t: minutesInWords(Math.floor(Math.abs(left) / 60_000)) });
    const text = clock.querySelector("[data-text]");
    if (text && text.textContent !== words) text.textContent = words;
    const use = clock.querySelector("use");
    const name = late ? "clock-exclamation" : "clock";
    const href = use?.getAttribute("href") ?? "";
    if (use && !href.endsWith(`#${name}`)) use.setAttribute("href", href.replace(/#.*$/, `#${name}`));
  }
}

export function startClocks(): void {
  tick();
  setInterval(tick, 5000);
  document.addEventListener("htmx:after:swap", tick);
}
