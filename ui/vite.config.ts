import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { Plugin } from "vite";
import { minifySync } from "vite";
import { defineConfig } from "vitest/config";
import pack from "./packs/default/pack.json" with { type: "json" };

const root = import.meta.dirname;

/** The default form is served as it is, beside the pages: its scripts are classic ones, loaded by tags. */
function packs(): Plugin {
  return {
    name: "packs",
    apply: "build",
    closeBundle() {
      const form = "packs/default";
      cpSync(resolve(root, form), resolve(root, "dist", form), { recursive: true });
      join("js", "joined.js");
      join("css", "joined.css");
    },
  };
}

/** The default form's files of one kind as one: a score of requests would be seen at each start of the page. */
function join(kind: "js" | "css", name: string): void {
  const folder = resolve(root, "dist/packs/default");
  const files = pack.VC.desktop[kind].map((file) => readFileSync(resolve(folder, file), "utf8"));
  const joined = files.join("\n");
  writeFileSync(resolve(folder, name), kind === "js" ? minifySync(name, joined).code : joined);
}

export default defineConfig({
  root,
  base: "/",
  plugins: [svelte(), packs()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    // The page's CSP knows neither inline scripts nor data: in script-src.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: {
        visitor: resolve(root, "visitor/index.html"),
        operator: resolve(root, "operator/index.html"),
        app: resolve(root, "app/index.html"),
      },
    },
  },
  // Tests mount components: without it Svelte resolves to its server build.
  resolve: process.env["VITEST"] ? { conditions: ["browser"] } : {},
  test: { environment: "jsdom", include: ["**/*.test.ts"], exclude: ["node_modules", "dist"] },
});
