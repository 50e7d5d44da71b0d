import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import { layeringRule } from "./layers.js";
import svelteConfig from "./svelte.config.js";

const root = import.meta.dirname;

export default ts.config(
  { ignores: ["dist", "node_modules", "generated"] },
  js.configs.recommended,
  {
    files: ["**/*.ts", "**/*.svelte", "**/*.svelte.ts"],
    extends: [ts.configs.strict, ts.configs.stylistic],
  },
  svelte.configs.recommended,
  {
    languageOptions: { globals: globals.browser },
    plugins: { house: { rules: { layering: layeringRule(root) } } },
    rules: {
      "house/layering": "error",
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "No default exports." },
      ],
      eqeqeq: ["error", "always"],
    },
  },
  {
    files: ["**/*.ts"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: {
      parserOptions: {
        projectService: true,
        extraFileExtensions: [".svelte"],
        parser: ts.parser,
        svelteConfig,
      },
    },
    rules: {
      "no-undef": "off",
      // `let { … } = $props()` is how Svelte writes it.
      "prefer-const": "off",
      "svelte/prefer-const": "error",
    },
  },
  {
    files: ["**/*.d.ts"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    // The tools that read these look for a default export.
    files: ["*.config.js", "*.config.ts"],
    languageOptions: { globals: globals.node },
    rules: { "no-restricted-syntax": "off" },
  },
  {
    // Pack scripts run as classic sloppy scripts and know the public API alone.
    files: ["packs/**/*.js"],
    languageOptions: {
      sourceType: "script",
      globals: { CallGear: "readonly", Comagic: "readonly", __cs: "writable" },
    },
  },
  {
    // Written as forms for websites were.
    files: ["packs/classic/**/*.js"],
    languageOptions: { ecmaVersion: 5 },
  },
);
