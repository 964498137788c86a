// Weights that add up: the running total beside them, right or wrong while one types.
import { all, on, one } from "../shared/dom";

function total(table: HTMLElement): void {
  const output = one<HTMLOutputElement>("[data-sum]", table);
  if (!output) return;
  const sum = all<HTMLInputElement>("tbody input[type=number]", table).reduce((so, input) => so + (input.valueAsNumber || 0), 0);
  output.value = String(sum);
  const right = sum === Number(table.dataset["total"]);
  output.classList.toggle("is-right", right);
  output.classList.toggle("is-wrong", !right);
}

export function startFigures(): void {
  const look = (): void => all("[data-total]").forEach(total);
  look();
  document.addEventListener("htmx:after:swap", look);
  on("input", "[data-total]", total);
}
