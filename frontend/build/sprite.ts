// One SVG sprite from a list of Tabler icon names: a web font would be half a megabyte, this is a few tens of kilobytes.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Plugin } from "vite";

const root = resolve(import.meta.dirname, "..");

export const iconNames = (): string[] =>
  readFileSync(resolve(root, "icons.txt"), "utf8").split("\n").map((line) => line.trim()).filter(Boolean);

function symbol(name: string): string {
  const filled = name.endsWith("-filled");
  const file = filled ? `filled/${name.slice(0, -"-filled".length)}` : `outline/${name}`;
  const svg = readFileSync(resolve(root, `node_modules/@tabler/icons/icons/${file}.svg`), "utf8");
  const inner = svg
    .slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"))
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" \/>/, "")
    .replace(/\s*\n\s*/g, "");
  const paint = filled ? ' fill="currentColor" stroke="none"' : "";
  return `<symbol id="${name}" viewBox="0 0 24 24"${paint}>${inner}</symbol>`;
}

/** Writes `generated/icons.svg` before the build; the console imports it, so it gets a hashed name and a manifest row. */
export function sprite(): Plugin {
  const target = resolve(root, "generated/icons.svg");
  return {
    name: "anxiu-sprite",
    buildStart() {
      mkdirSync(dirname(target), { recursive: true });
      const body = iconNames().map(symbol).join("\n");
      writeFileSync(target, `<svg xmlns="http://www.w3.org/2000/svg">\n${body}\n</svg>\n`);
    },
  };
}
