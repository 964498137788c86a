import { defineConfig } from "vite";
import { documentFonts } from "./build/fonts.ts";
import { portalSheet } from "./build/portal-css.ts";
import { sprite } from "./build/sprite.ts";

export default defineConfig({
  base: "/static/",
  plugins: [sprite(), portalSheet(), documentFonts()],
  build: {
    outDir: "dist",
    manifest: "manifest.json",
    // Down-levelling Tabler's CSS to es2020 browsers adds 280 KB; the portal's own small sheet avoids new syntax by hand.
    target: "es2022",
    cssTarget: ["chrome111", "safari16.2"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
    rollupOptions: {
      input: [
        "console/main.ts",
        "portal/portal.css",
        "portal/portal.ts",
        "charts/charts.ts",
      ],
    },
  },
});
