// What the default form is made of besides its scripts and styles: a file of its own, loaded beside the page.
export { default as settings } from "../packs/default/settings.json";

/** Templates by path. */
export const files = import.meta.glob<string>("../packs/default/*.html", {
  query: "?raw",
  import: "default",
  eager: true,
});
