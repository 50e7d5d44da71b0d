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
  let folder = "";
  return {
    name: "packs",
    apply: "build",
    configResolved({ build }) {
      folder = resolve(root, build.outDir, "packs/default");
    },
    closeBundle() {
      cpSync(resolve(root, "packs/default"), folder, { recursive: true });
      join(folder, "js", "joined.js");
      join(folder, "css", "joined.css");
    },
  };
}

/** The default form's files of one kind as one: a score of requests would be seen at each start of the page. */
function join(folder: string, kind: "js" | "css", name: string): void {
  const files = pack.VC.desktop[kind].map((file) => readFileSync(resolve(folder, file), "utf8"));
  const joined = files.join("\n");
  writeFileSync(resolve(folder, name), kind === "js" ? minifySync(name, joined).code : joined);
}

/**
 * `--mode memory` alone: English texts pass through a function that makes longer or mirrored ones of them where the
 * page's address asks for it. The product has none of it.
 */
function pseudo(): Plugin {
  const prefix = "\0pseudo:";
  return {
    name: "pseudo",
    enforce: "pre",
    apply: (_, { mode }) => mode === "memory",
    async resolveId(source, importer) {
      if (!/(locales\/en\/\w+|packs\/default\/settings)\.json$/.test(source)) return null;
      const file = await this.resolve(source, importer, { skipSelf: true });
      return file && prefix + file.id.slice(0, -".json".length);
    },
    load(id) {
      if (!id.startsWith(prefix)) return null;
      const file = `${id.slice(prefix.length)}.json`;
      const maker = resolve(root, "backend/memory-pseudo.ts");
      const json: unknown = JSON.parse(readFileSync(file, "utf8"));
      const made =
        file.endsWith("settings.json") && file.includes("packs")
          ? "{ ...json, texts: { ...json.texts, en: asAsked(json.texts.en) } }"
          : "asAsked(json)";
      return `import { asAsked } from ${JSON.stringify(maker)};
        const json = ${JSON.stringify(json)};
        export default ${made};`;
    },
  };
}

export default defineConfig({
  root,
  base: "/",
  plugins: [pseudo(), svelte(), packs()],
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
