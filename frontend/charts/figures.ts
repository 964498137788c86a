// The dashboard's charts: a figure week by week against its target, regions beside each other, what recurs, and when;
// and the two sides of a pilot.
import { frame, noLines, text, token, valueAxis, type ChartData } from "./looks";

type Option = Record<string, unknown>;
const INSIDE = { outerBoundsMode: "same", outerBoundsContain: "axisLabel" };

function aimLine(data: ChartData, axis: "xAxis" | "yAxis"): object {
  if (data.target === null || data.target === undefined) return {};
  return {
    markLine: {
      silent: true, symbol: "none", animation: false, lineStyle: { color: token("amber"), type: "dashed", width: 1.5 },
      label: { show: axis === "yAxis", position: "insideEndTop", formatter: data.targetName, ...text({ color: token("amber") }) },
      data: [{ [axis]: data.target }],
    },
  };
}

/** Values fill the axis; the target is always on it. */
function reach(data: ChartData): object {
  const values = [...(data.series[0]?.data ?? []), data.target ?? null].filter((each): each is number => each !== null);
  const low = Math.min(...values), high = Math.max(...values), room = (high - low || Math.abs(high) || 1) * 0.15;
  const most = high + room;
  if (data.unit !== "%") return { min: Math.min(0, low < 0 ? Math.floor(low - room) : 0), max: tidy(most) };
  return { min: Math.max(0, Math.floor((low - room) / 5) * 5), max: Math.min(100, Math.ceil(most / 5) * 5) };
}

/** The next round number, so that the axis ends on a line. */
function tidy(value: number): number {
  const size = 10 ** Math.floor(Math.log10(Math.max(value, 0.001)));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((step) => step * size).find((step) => step >= value) ?? value;
}

function aim(data: ChartData): Option {
  const row = data.series[0];
  const counts = data.counts ?? [];
  return {
    ...frame(),
    legend: { show: false },
    grid: { left: 4, right: 12, top: 16, bottom: 4, ...INSIDE },
    tooltip: { ...(frame()["tooltip"] as object), axisPointer: { type: "line", lineStyle: { color: token("line-strong") } } },
    xAxis: { type: "category", data: data.labels, ...noLines, axisLabel: text() },
    yAxis: [{ ...valueAxis(data.unit), ...reach(data), minInterval: 0 }, { type: "value", show: false, max: Math.max(...counts, 1) * 4 }],
    series: [
      {
        name: row?.name, type: "line", data: row?.data ?? [], smooth: 0.3, smoothMonotone: "x", connectNulls: false,
        symbol: "circle", symbolSize: 7, showSymbol: true, lineStyle: { width: 2.5 }, color: token("primary"),
        itemStyle: { borderColor: token("surface"), borderWidth: 1.5 }, z: 3, cursor: "pointer",
        tooltip: { valueFormatter: (value: unknown) => (typeof value === "number" ? `${value}${data.unit ?? ""}` : "–") },
        areaStyle: { color: token("primary"), opacity: 0.06 }, ...aimLine(data, "yAxis"),
      },
      {
        name: data.countName, type: "bar", yAxisIndex: 1, data: counts, barMaxWidth: 14, color: token("fill-2"), z: 1,
        itemStyle: { borderRadius: [3, 3, 0, 0] }, cursor: "pointer",
      },
    ],
  };
}

function beside(data: ChartData): Option {
  const row = data.series[0];
  const words = data.words ?? [], weak = data.weak ?? [];
  return {
    ...frame(),
    legend: { show: false },
    tooltip: { show: false },
    grid: { left: 4, right: 4, top: 4, bottom: 4, ...INSIDE },
    xAxis: { type: "value", show: false, min: 0, max: Math.max(...(row?.data ?? []).map((each) => each ?? 0), data.target ?? 0) * 1.02 },
    yAxis: [
      { type: "category", inverse: true, data: data.labels, ...noLines, axisLabel: text({ fontSize: 13 }) },
      {
        type: "category", inverse: true, data: words, position: "right", ...noLines, axisPointer: { show: false },
        axisLabel: text({ fontSize: 13, fontWeight: 600, color: token("text"), align: "left" }),
      },
    ],
    series: [{
      name: row?.name, type: "bar", barWidth: 12, showBackground: true, cursor: "pointer",
      backgroundStyle: { color: token("fill"), borderRadius: 6 },
      data: (row?.data ?? []).map((value, at) => ({ value, itemStyle: { borderRadius: 6, color: token(weak[at] ? "line-strong" : "primary") } })),
      ...aimLine(data, "xAxis"),
    }],
  };
}

function pareto(data: ChartData): Option {
  const [bars, line] = data.series;
  return {
    ...frame(),
    grid: { left: 4, right: 4, top: 38, bottom: 4, ...INSIDE },
    xAxis: {
      type: "category", data: data.labels, ...noLines,
      axisLabel: text({ interval: 0, width: 78, overflow: "truncate", hideOverlap: false, rotate: data.labels.length > 5 ? 35 : 0 }),
    },
    yAxis: [valueAxis(), { ...(valueAxis("%") as object), min: 0, max: 100, splitLine: { show: false } }],
    series: [
      { name: bars?.name, type: "bar", data: (bars?.data ?? []).map((value, at) => ({ value, itemStyle: (data.weak ?? [])[at] ? { color: token("line-strong") } : {} })), barMaxWidth: 26, color: token("primary"), cursor: "pointer", itemStyle: { borderRadius: [4, 4, 0, 0] } },
      {
        name: line?.name, type: "line", yAxisIndex: 1, data: line?.data ?? [], color: token("amber"), symbol: "circle", symbolSize: 6, lineStyle: { width: 2 },
        tooltip: { valueFormatter: (value: unknown) => `${String(value)}%` },
      },
    ],
  };
}

function heat(data: ChartData): Option {
  const values = data.series[0]?.data ?? [];
  const wide = data.labels.length;
  return {
    ...frame(),
    legend: { show: false },
    tooltip: {
      ...(frame()["tooltip"] as object), trigger: "item", axisPointer: { type: "none" },
      formatter: ({ dataIndex, value }: { dataIndex: number; value: number[] }) =>
        `${data.across?.[Math.floor(dataIndex / wide)] ?? ""} ${data.labels[dataIndex % wide] ?? ""}:00 · <b>${value[2] ?? 0}</b>`,
    },
    grid: { left: 4, right: 4, top: 4, bottom: 4, ...INSIDE },
    xAxis: { type: "category", data: data.labels, ...noLines, axisLabel: text({ interval: 2 }) },
    yAxis: { type: "category", inverse: true, data: data.across ?? [], ...noLines, axisLabel: text() },
    visualMap: {
      show: false, min: 0, max: Math.max(...values.map((each) => each ?? 0), 1),
      inRange: { color: [token("fill"), token("primary-soft"), token("primary")] },
    },
    series: [{
      name: data.series[0]?.name, type: "heatmap", cursor: "pointer",
      data: values.map((value, at) => [at % wide, Math.floor(at / wide), value ?? 0]),
      itemStyle: { borderColor: token("surface"), borderWidth: 2, borderRadius: 4 },
      emphasis: { itemStyle: { borderColor: token("text-2"), borderWidth: 1 } },
    }],
  };
}

/** Both sides of a pilot week by week; its time is tinted, and a line stands where it begins. */
function trial(data: ChartData): Option {
  const begins = data.begins ?? 0, last = data.labels.length - 1;
  const values = data.series.flatMap((row) => row.data).filter((each): each is number => each !== null);
  const low = Math.min(...values), high = Math.max(...values), room = (high - low || Math.abs(high) || 1) * 0.15;
  const share = data.unit === "%";
  const line = (row: ChartData["series"][number] | undefined, color: string, thick: number, more: object): object => ({
    name: row?.name, type: "line", data: row?.data ?? [], smooth: 0.25, smoothMonotone: "x", connectNulls: false, color: token(color),
    symbol: "circle", symbolSize: 6, lineStyle: { width: thick }, itemStyle: { borderColor: token("surface"), borderWidth: 1.5 }, cursor: "pointer",
    tooltip: { valueFormatter: (value: unknown) => (typeof value === "number" ? `${value}${data.unit ?? ""}` : "–") }, ...more,
  });
  const marks = begins > last ? {} : {
    markArea: { silent: true, animation: false, itemStyle: { color: token("violet"), opacity: 0.06 }, data: [[{ xAxis: begins }, { xAxis: last }]] },
    markLine: {
      silent: true, symbol: "none", animation: false, lineStyle: { color: token("violet"), type: "dashed", width: 1.5 },
      label: { position: "end", distance: 6, formatter: data.beginsName, ...text({ color: token("violet") }) }, data: [{ xAxis: begins }],
    },
  };
  return {
    ...frame(),
    legend: { ...(frame()["legend"] as object), right: undefined, left: 0 },
    grid: { left: 4, right: 12, top: 52, bottom: 4, ...INSIDE },
    tooltip: { ...(frame()["tooltip"] as object), axisPointer: { type: "line", lineStyle: { color: token("line-strong") } } },
    xAxis: { type: "category", boundaryGap: false, data: data.labels, ...noLines, axisLabel: text() },
    yAxis: {
      ...valueAxis(data.unit), minInterval: 0,
      min: share ? Math.max(0, Math.floor((low - room) / 5) * 5) : low < 0 ? Math.floor(low - room) : 0,
      max: share ? Math.min(100, Math.ceil((high + room) / 5) * 5) : tidy(high + room),
    },
    series: [line(data.series[0], "violet", 2.5, { z: 3, ...marks }), line(data.series[1], "text-3", 2, { z: 2 })],
  };
}

const KINDS: Record<string, (data: ChartData) => Option> = { aim, beside, pareto, heat, trial };

/** The option of a chart of the dashboard; nothing for another kind. */
export function figureOption(kind: string, data: ChartData): Option | undefined {
  return KINDS[kind]?.(data);
}
