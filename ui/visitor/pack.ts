// The default form's pack. Its script and style are loaded by tags as any pack's are; its settings and templates
// come with the page, because the page may fetch nothing.
import type { PackWindow } from "../consultant/global";
import type { LoadedPack } from "../consultant/runtime";
import type { Problem } from "../generated/Problem";
import pack from "../packs/default/pack.json";
import settings from "../packs/default/settings.json";

const FOLDER = "/packs/default/";

const files = import.meta.glob<string>("../packs/default/*.html", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** Starts loading the style; a form that is shown before it has come would flash. */
export function loadStyle(): Promise<void> {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = FOLDER + pack.VC.desktop.css;
  return added(link);
}

/** Runs the pack's script, which registers its controllers, and gives what these are run with. */
export async function loadPack(): Promise<LoadedPack> {
  (window as PackWindow).__cs?.push(["applyWidgetsOptions", pack]);
  const script = document.createElement("script");
  script.src = FOLDER + pack.VC.desktop.js;
  await added(script);
  const templates: Record<string, string> = {};
  for (const [name, file] of Object.entries(pack.VC.desktop.tpls)) {
    templates[name] = files[`..${FOLDER}${file}`] ?? "";
  }
  return { settings, templates };
}

function added(element: HTMLLinkElement | HTMLScriptElement): Promise<void> {
  return new Promise((resolve, reject) => {
    element.addEventListener("load", () => resolve());
    const failed: Problem = { code: "pack_failed", message: "" };
    element.addEventListener("error", () => reject(failed));
    document.head.append(element);
  });
}
