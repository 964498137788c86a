// Light, dark or as the device says; kept in a cookie so that the server renders the right one from the first byte.
import { all, on } from "../shared/dom";

const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

function apply(choice: string): void {
  root.dataset["theme"] = choice;
  root.dataset["bsTheme"] = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
  for (const button of all("[data-theme-set]")) {
    button.setAttribute("aria-pressed", String(button.dataset["themeSet"] === choice));
  }
  document.dispatchEvent(new CustomEvent("themechange"));
}

export function startTheme(): void {
  on("click", "[data-theme-set]", (button) => {
    const choice = button.dataset["themeSet"] ?? "auto";
    document.cookie = `anxiu_theme=${choice};path=/;max-age=31536000;samesite=lax`;
    apply(choice);
    button.closest("details")?.removeAttribute("open");
  });
  dark.addEventListener("change", () => {
    if (root.dataset["theme"] === "auto") apply("auto");
  });
}
