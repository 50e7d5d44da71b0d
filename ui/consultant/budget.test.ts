// @vitest-environment node
// What every visitor waits for before any form is there: the runtime, with all that it imports, both languages included.
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { expect, test } from "vitest";

/** Bytes, compressed as a server would. */
const BUDGET = 30_000;

test("the runtime takes less than 30 kB compressed", { timeout: 60_000 }, async () => {
  const built = (await build({
    configFile: false,
    logLevel: "silent",
    build: {
      write: false,
      minify: true,
      target: "es2022",
      rollupOptions: {
        input: [resolve(import.meta.dirname, "runtime.ts"), resolve(import.meta.dirname, "strip.ts")],
        preserveEntrySignatures: "strict",
      },
    },
  })) as Rolldown.RolldownOutput;
  const chunks = built.output.filter((file) => file.type === "chunk");
  expect(chunks.map(({ name }) => name)).toContain("runtime");
  const size = chunks.reduce((sum, { code }) => sum + gzipSync(code).length, 0);
  console.info(`the runtime takes ${String(size)} of ${String(BUDGET)} bytes compressed`);
  expect(size).toBeLessThan(BUDGET);
});
