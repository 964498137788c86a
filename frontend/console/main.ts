// The console's one script: htmx and the small behaviours around it. Everything hangs on `data-*` attributes.
import "../generated/icons.svg?url";
import "../shared/theme-boot.js?url";
import "./console.css";
import "htmx.org";
import { all, make, on, one } from "../shared/dom";
import { say } from "../shared/words";
import { startClocks } from "./clocks";
import { startDialogs } from "./dialogs";
import { startFigures } from "./figures";
import { startForms } from "./forms";
import { startKeys } from "./keys";
import { startLists } from "./lists";
import { startLive } from "./live";
import { startTheme } from "./theme";
import { startToasts, toast } from "./toast";
import { startWork } from "./work";

function startMenus(): void {
  document.addEventListener("click", (event) => {
    for (const menu of all("details.x-menu[open]")) {
      if (!(event.target instanceof Node && menu.contains(event.target))) menu.removeAttribute("open");
    }
  });
  // A listing scrolls sideways and would cut a menu off: while open it is pinned to the window.
  document.addEventListener("toggle", (event) => {
    const menu = event.target instanceof HTMLElement && event.target.matches(".x-table-wrap details.x-menu") ? event.target : null;
    const body = menu && one(".x-menu-body", menu);
    if (!menu || !body || !menu.hasAttribute("open")) return;
    const at = menu.getBoundingClientRect();
    const below = at.bottom + body.offsetHeight + 12 < innerHeight;
    Object.assign(body.style, {
      position: "fixed",
      right: `${document.documentElement.clientWidth - at.right}px`,
      top: below ? `${at.bottom + 4}px` : `${at.top - body.offsetHeight - 4}px`,
    });
  }, true);
  document.addEventListener("scroll", () => all(".x-table-wrap details.x-menu[open]").forEach((menu) => menu.removeAttribute("open")), true);
  const toggle = (open?: boolean): void => void document.documentElement.classList.toggle("x-menu-open", open);
  on("click", "[data-menu-toggle]", () => toggle());
  document.addEventListener("keydown", (event) => event.key === "Escape" && toggle(false));
}

function startRequests(): void {
  const bar = make("div", { class: "x-bar-progress", role: "presentation" });
  document.body.append(bar);
  let open = 0;
  const count = (step: number): void => void bar.classList.toggle("is-on", (open = Math.max(0, open + step)) > 0);
  document.addEventListener("htmx:before:request", () => count(1));
  document.addEventListener("htmx:finally:request", () => count(-1));
  document.addEventListener("htmx:response:error", (event) => {
    const status = event.detail.ctx.response?.status ?? 0;
    if (status >= 500) toast(say(status === 503 ? "away" : status === 507 ? "full" : "failed"), "error");
    else if (status === 401 || status === 403) toast(say("denied"), "error");
  });
  document.addEventListener("htmx:error", (event) => {
    if (event.detail.error instanceof TypeError) toast(say("offline"), "error");
  });
}

/** A page takes letters a moment before htmx listens to them: what was typed by then is asked for all the same. */
function startTyped(): void {
  document.addEventListener("htmx:after:process", () => {
    const field = document.activeElement;
    const isTyped = field instanceof HTMLInputElement && field.value !== field.defaultValue;
    if (isTyped) field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }, { once: true });
}

function startCopy(): void {
  on("click", "[data-copy]", (button) => {
    const text = button.dataset["copy"] || one(button.dataset["copyFrom"] ?? "")?.textContent?.trim() || "";
    void copy(text).then(() => toast(say("copied"), "success"));
  });
}

function startPrint(): void {
  on("click", "[data-print]", () => print());
}

/** The clipboard interface exists on https and localhost only; an office network without https has the older way. */
async function copy(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = make("textarea", { class: "x-sr" });
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

/** Charts load only where a page shows one; see charts/charts.ts for the attribute. */
function startCharts(): void {
  const look = (): void => {
    if (one("[data-chart]:not([data-drawn])")) void import("../charts/charts").then((charts) => charts.drawAll());
  };
  look();
  document.addEventListener("htmx:after:swap", look);
}

function startPads(): void {
  const look = (): void => {
    if (one("[data-signature]:not([data-ready])")) void import("../shared/signature").then((pads) => pads.startPads());
  };
  look();
  document.addEventListener("htmx:after:swap", look);
}

startTheme();
startToasts();
startMenus();
startRequests();
startTyped();
startDialogs();
startForms();
startLists();
startKeys();
startCopy();
startPrint();
startClocks();
startLive();
startCharts();
startPads();
startFigures();
startWork();
