// Charts: `<div class="x-chart" data-chart="trend" data-from="id">` with a `<script type="application/json" id="id">` made
// by Django's json_script. The server sends figures and names only; the look is decided here, from the theme's tokens.
import { BarChart, HeatmapChart, LineChart, PieChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { init, use, type EChartsType } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { all } from "../shared/dom";
import { figureOption } from "./figures";
import { optionFor, type ChartData } from "./looks";

use([
  BarChart, HeatmapChart, LineChart, PieChart,
  GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, VisualMapComponent, AriaComponent, CanvasRenderer,
]);

const drawn = new Map<HTMLElement, EChartsType>();
const sizes = new ResizeObserver((entries) => {
  for (const entry of entries) drawn.get(entry.target as HTMLElement)?.resize();
});

function draw(box: HTMLElement): void {
  const source = document.getElementById(box.dataset["from"] ?? "");
  if (!source?.textContent) return;
  const data = JSON.parse(source.textContent) as ChartData;
  const chart = drawn.get(box) ?? init(box);
  const kind = box.dataset["chart"] ?? "line";
  chart.setOption(figureOption(kind, data) ?? optionFor(kind, data), true);
  if (data.links) chart.off("click").on("click", (at) => follow((at.seriesIndex && data.otherLinks ? data.otherLinks : data.links)?.[at.dataIndex]));
  box.dataset["drawn"] = "1";
  drawn.set(box, chart);
  sizes.observe(box);
}

/** Every figure opens to the orders behind it. */
function follow(url: string | undefined): void {
  if (url) location.assign(url);
}

export function drawAll(): void {
  for (const [box, chart] of drawn) {
    if (box.isConnected) continue;
    chart.dispose();
    sizes.unobserve(box);
    drawn.delete(box);
  }
  all("[data-chart]").forEach(draw);
}

document.addEventListener("themechange", drawAll);
// On paper a chart is as wide as its column there.
addEventListener("beforeprint", () => drawn.forEach((chart) => chart.resize()));
addEventListener("afterprint", () => drawn.forEach((chart) => chart.resize()));
