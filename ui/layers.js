// Which way each folder may look, and no other. ESLint holds it (eslint.config.js), layers.test.ts tests it.
import { dirname, relative, resolve, sep } from "node:path";

/** Folder -> the folders that its files may import from, besides itself. */
export const LAYERS = {
  visitor: ["consultant", "model", "backend", "generated", "look", "packs", "locales"],
  operator: ["model", "backend", "generated", "look", "locales"],
  app: ["model", "backend", "generated", "look", "locales"],
  consultant: ["model", "backend", "generated", "locales"],
  model: ["backend", "generated"],
  backend: ["generated"],
  generated: [],
  look: [],
  packs: [],
  locales: [],
};

/** The one file that knows the shell. */
const SHELL = "backend/tauri.ts";

/** Says why `file` may not import `source`, or returns `null` where it may. Paths are absolute. */
export function refusal(root, file, source) {
  const from = relative(root, file).split(sep);
  if (source.startsWith("@tauri-apps/")) {
    return from.join("/") === SHELL ? null : `only ${SHELL} imports ${source}`;
  }
  const allowed = LAYERS[from[0]];
  if (!allowed || from.length < 2) return null;
  if (from[0] === "packs") return "a pack imports nothing";
  if (!source.startsWith(".")) return null;
  const to = relative(root, resolve(dirname(file), source)).split(sep)[0];
  if (to === from[0] || allowed.includes(to)) return null;
  return `${from[0]} may not look at ${to}`;
}

/** The same as a rule for ESLint. */
export function layeringRule(root) {
  return {
    meta: { type: "problem", schema: [] },
    create(context) {
      const check = (node) => {
        const source = node.source?.value;
        if (typeof source !== "string") return;
        const message = refusal(root, context.filename, source);
        if (message !== null) context.report({ node, message });
      };
      return {
        ImportDeclaration: check,
        ExportNamedDeclaration: check,
        ExportAllDeclaration: check,
        ImportExpression: check,
      };
    },
  };
}
