// The customer pages open in old webviews inside chat apps: their small sheet is lowered for those, while Tabler is not
// (that would cost 280 KB). Vite knows one CSS target a build, so this replaces the portal's sheet after the fact.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { transform } from "lightningcss";
import type { Plugin } from "vite";

const file = resolve(import.meta.dirname, "../portal/portal.css");
const targets = { chrome: 67 << 16, ios_saf: 12 << 16, android: 67 << 16 };

export function portalSheet(): Plugin {
  return {
    name: "anxiu-portal-sheet",
    enforce: "post",
    generateBundle(_, bundle) {
      for (const output of Object.values(bundle)) {
        if (output.type !== "asset" || !/portal-[\w-]+\.css$/.test(output.fileName)) continue;
        output.source = transform({ filename: file, code: readFileSync(file), minify: true, targets }).code;
      }
    },
  };
}
