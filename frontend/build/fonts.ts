// The two weights of Noto Sans SC that PDF documents are set in; pages never load them.
import { copyFileSync, mkdirSync } from "node:fs";
import { resolve } from "node:path";
import type { Plugin } from "vite";

const root = resolve(import.meta.dirname, "..");
const weights = ["400Regular", "700Bold"];

export function documentFonts(): Plugin {
  return {
    name: "anxiu-document-fonts",
    closeBundle() {
      mkdirSync(resolve(root, "dist/fonts"), { recursive: true });
      for (const weight of weights) {
        const file = `NotoSansSC_${weight}.ttf`;
        const source = `node_modules/@expo-google-fonts/noto-sans-sc/${weight}/${file}`;
        copyFileSync(resolve(root, source), resolve(root, "dist/fonts", file));
      }
    },
  };
}
