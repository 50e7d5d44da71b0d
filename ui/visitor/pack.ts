// The default form's pack. Its scripts and styles are loaded by tags as any pack's are; its settings and templates
// come with the page, because the page may fetch nothing.
//
// What must always hold: scripts run one after the other, in the order in which the pack names them.
import type { PackWindow } from "../consultant/global";
import type { LoadedPack } from "../consultant/runtime";
import type { Problem } from "../generated/Problem";
import pack from "../packs/default/pack.json";

const FOLDER = "/packs/default/";
/** The build joins the files of each kind (vite.config.ts): each is a request, and they are waited for. */
const { js, css } = import.meta.env.PROD ? { js: "joined.js", css: "joined.css" } : pack.VC.desktop;

/** On its way while the session starts. */
const parts = import("./default-pack");
// Whoever needs it is told.
parts.catch(() => undefined);

/** Starts loading the styles, and fetches the scripts; a form that is shown before its style has come would flash. */
export async function loadStyle(): Promise<void> {
  const styles = listOf(css).map((file) => added(link("stylesheet", file)));
  for (const file of listOf(js)) {
    const ahead = link("preload", file);
    ahead.as = "script";
    document.head.append(ahead);
  }
  await Promise.all(styles);
}

/** Runs the pack's scripts, which register its controllers, and gives what these are run with. */
export async function loadPack(): Promise<LoadedPack> {
  (window as PackWindow).__cs?.push(["applyWidgetsOptions", pack]);
  await Promise.all(listOf(js).map((file) => added(scriptOf(file))));
  const { files, settings } = await parts;
  const templates: Record<string, string> = {};
  for (const [name, file] of Object.entries(pack.VC.desktop.tpls))
    templates[name] = files[`..${FOLDER}${file}`] ?? "";
  return { settings, templates };
}

/** One file, or several. */
function listOf(files: string | string[]): string[] {
  return typeof files === "string" ? [files] : files;
}

function link(rel: string, file: string): HTMLLinkElement {
  const element = document.createElement("link");
  element.rel = rel;
  element.href = FOLDER + file;
  return element;
}

function scriptOf(file: string): HTMLScriptElement {
  const script = document.createElement("script");
  script.src = FOLDER + file;
  // Loaded at once, run in order.
  script.async = false;
  return script;
}

function added(element: HTMLLinkElement | HTMLScriptElement): Promise<void> {
  return new Promise((resolve, reject) => {
    element.addEventListener("load", () => resolve());
    const failed: Problem = { code: "pack_failed", message: "" };
    element.addEventListener("error", () => reject(failed));
    document.head.append(element);
  });
}
