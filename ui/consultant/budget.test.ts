// @vitest-environment node
// What every visitor waits for before any form is there: the runtime with all that it imports, and one language's words.
// What is loaded when it is wanted (files) has a bound of its own.
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { expect, test } from "vitest";

/** Bytes, compressed as a server would. */
const BUDGET = 30_000;
const LAZY_BUDGET = 6_000;
/** Files that are loaded before the form is there, although not at once: one of each set. */
const WAITED_FOR = [[/locales\/(en|ru)\/visitor\.json$/]];

test(
  "the runtime takes less than 30 kB compressed, what is loaded later less than 6 kB",
  { timeout: 60_000 },
  async () => {
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
    const sizes = new Map(chunks.map(({ fileName, code }) => [fileName, gzipSync(code).length]));
    const sizeOf = (some: Iterable<string>): number =>
      [...some].reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);
    const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
    const waited = new Set<string>();
    const wait = (name: string): void => {
      if (waited.has(name)) return;
      waited.add(name);
      byName.get(name)?.imports.forEach(wait);
    };
    for (const { isEntry, fileName } of chunks) if (isEntry) wait(fileName);
    expect([...waited].some((name) => name.includes("runtime"))).toBe(true);

    const set = (pattern: RegExp): string[] =>
      chunks
        .filter(({ moduleIds }) => moduleIds.some((id) => pattern.test(id)))
        .map(({ fileName }) => fileName);
    const alike = WAITED_FOR.flat().map(set);
    for (const names of alike) {
      // Both languages, each in a part of its own.
      expect(names.filter((name) => !waited.has(name))).toHaveLength(2);
      names
        .sort((a, b) => sizeOf([b]) - sizeOf([a]))
        .slice(0, 1)
        .forEach(wait);
    }
    const later = [...sizes.keys()].filter((name) => !waited.has(name) && !alike.flat().includes(name));
    const [size, lazy] = [sizeOf(waited), sizeOf(later)];
    console.info(
      `the runtime takes ${String(size)} of ${String(BUDGET)} bytes compressed, later ${String(lazy)}`,
    );
    expect(size).toBeLessThan(BUDGET);
    expect(lazy).toBeLessThan(LAZY_BUDGET);
  },
);
