// How each kind of chart looks: two colours of one hue and one accent, no axis lines, faint grid, rounded bars.
export interface Series { name: string; data: (number | null)[]; line?: boolean; right?: boolean; tone?: string }
export interface ChartData {
  labels: string[]; series: Series[]; unit?: string; rightUnit?: string; links?: string[];
  target?: number | null; targetName?: string; counts?: number[]; countName?: string; words?: string[]; weak?: boolean[]; across?: string[];
  begins?: number; beginsName?: string; otherLinks?: string[];
}

const still = matchMedia("(prefers-reduced-motion: reduce)");
export const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--x-${name}`).trim();
export const text = (extra: object = {}): object => ({ fontFamily: token("font"), color: token("text-2"), fontSize: 12, ...extra });
const palette = (): string[] => ["primary", "primary-soft", "green", "amber", "violet", "teal", "red"].map(token);

export function frame(): Record<string, unknown> {
  return {
    animation: !still.matches,
    animationDuration: 400,
    color: palette(),
    textStyle: { fontFamily: token("font") },
    aria: { enabled: true },
    tooltip: {
      trigger: "axis",
      confine: true,
      backgroundColor: token("surface"),
      borderColor: token("line"),
      textStyle: text({ color: token("text") }),
      axisPointer: { type: "shadow", shadowStyle: { color: token("fill"), opacity: 0.5 } },
      extraCssText: "border-radius:10px",
    },
    legend: { right: 0, top: 0, itemWidth: 10, itemHeight: 10, icon: "roundRect", textStyle: text(), itemGap: 16 },
  };
}

export const noLines = { axisLine: { show: false }, axisTick: { show: false } };
export const valueAxis = (unit = ""): object => ({
  type: "value", minInterval: 1, ...noLines, axisLabel: text({ formatter: `{value}${unit}` }), splitLine: { lineStyle: { color: token("line-faint") } },
});

// Shares begin at the ten below the least of them, so that small changes show, and never leave 0 to 100.
const share = { min: ({ min }: { min: number }): number => Math.max(0, Math.floor((Math.min(min, 100) - 1) / 10) * 10), max: 100 };

function mixed(data: ChartData, allLines: boolean): Record<string, unknown> {
  const right = data.series.some((row) => row.right);
  return {
    ...frame(),
    grid: { left: 4, right: right ? 4 : 8, top: 38, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: { type: "category", data: data.labels, ...noLines, axisLabel: text() },
    yAxis: right ? [valueAxis(data.unit), { ...valueAxis(data.rightUnit), splitLine: { show: false }, ...(data.rightUnit === "%" ? share : { scale: true }) }] : valueAxis(data.unit),
    series: data.series.map((row) => {
      const line = allLines || row.line;
      return {
        name: row.name, data: row.data, type: line ? "line" : "bar", yAxisIndex: row.right ? 1 : 0,
        smooth: 0.35, smoothMonotone: "x", symbol: "circle", symbolSize: 5, lineStyle: { width: 2 }, barMaxWidth: 11, barGap: "20%",
        itemStyle: { borderRadius: line ? 0 : [3, 3, 0, 0], ...(row.tone ? { color: token(row.tone) } : {}) },
      };
    }),
  };
}

function ranked(data: ChartData): Record<string, unknown> {
  const row = data.series[0];
  return {
    ...frame(),
    legend: { show: false },
    grid: { left: 4, right: 44, top: 4, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: { type: "value", show: false },
    yAxis: { type: "category", inverse: true, data: data.labels, ...noLines, axisLabel: text({ fontSize: 13 }) },
    series: [{
      name: row?.name, type: "bar", data: row?.data ?? [], barWidth: 10, showBackground: true,
      backgroundStyle: { color: token("fill"), borderRadius: 5 }, itemStyle: { borderRadius: 5 },
      label: { show: true, position: "right", ...text({ color: token("text"), fontWeight: 600 }) },
    }],
  };
}

function ring(data: ChartData): Record<string, unknown> {
  const values = data.series[0]?.data ?? [];
  return {
    ...frame(),
    tooltip: { ...(frame()["tooltip"] as object), trigger: "item" },
    legend: { orient: "vertical", right: 0, top: "middle", itemWidth: 10, itemHeight: 10, icon: "roundRect", textStyle: text({ fontSize: 13 }) },
    series: [{
      type: "pie", radius: ["58%", "82%"], center: ["34%", "50%"], label: { show: false }, padAngle: 2,
      itemStyle: { borderRadius: 4 }, data: data.labels.map((name, at) => ({ name, value: values[at] })),
    }],
  };
}

/** `trend` bars with lines over them, `line` lines only, `ranked` sideways bars, `ring` shares. */
export function optionFor(kind: string, data: ChartData): Record<string, unknown> {
  if (kind === "ranked") return ranked(data);
  if (kind === "ring") return ring(data);
  return mixed(data, kind === "line");
}
