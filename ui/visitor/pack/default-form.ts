// The page's own form: bundled, so that it is there at once and whatever becomes of a company's pack.
//
// Its scripts and styles are loaded by tags as any pack's are; its settings and templates come with the page, because
// the page may fetch nothing. What must always hold: scripts run one after the other, in the order in which its
// pack.json names them.
import type { ControllerPart } from "../../consultant/runtime";
import type { Problem } from "../../generated/Problem";
import pack from "../../packs/default/pack.json";

const FOLDER = "/packs/default/";
/** The build joins the files of each kind (vite.config.ts): each is a request, and they are waited for. */
const { js, css } = import.meta.env.PROD ? { js: "joined.js", css: "joined.css" } : pack.VC.desktop;

/** On its way while the session starts. */
const parts = import("../default-pack");
// Whoever needs it is told.
parts.catch(() => undefined);

/** What its pack.json says. */
export const DEFAULT_OPTIONS: object = pack;

/** The styles of the default form, and its scripts fetched ahead. */
export interface DefaultStyle {
  /** Resolves when every style is there: a form that is shown before would flash. */
  readonly loaded: Promise<void>;
  /** Takes them out again: a company's form has its own. */
  remove(): void;
}

/** Starts loading the styles and fetching the scripts. */
export function loadDefaultStyle(): DefaultStyle {
  const styles = listOf(css).map((file) => link("stylesheet", file));
  const ahead = listOf(js).map((file) => link("preload", file));
  for (const one of ahead) one.as = "script";
  const loaded = Promise.all(styles.map(added)).then(() => undefined);
  // Whoever needs them is told.
  loaded.catch(() => undefined);
  document.head.append(...ahead);
  return {
    loaded,
    remove() {
      for (const one of [...styles, ...ahead]) one.remove();
    },
  };
}

/**
 * Runs its scripts, which register its controllers, and gives what these are run with. `isStandIn`: beside a company's
 * pack, which has no chat of its own; controllers that the pack has registered stay.
 */
export async function loadDefaultForm(isStandIn = false): Promise<ControllerPart> {
  await Promise.all(listOf(js).map((file) => added(scriptOf(file, isStandIn))));
  const { files, settings } = await parts;
  const named = Object.entries(pack.VC.desktop.tpls);
  const templates = Object.fromEntries(
    named.map(([name, file]) => [name, files[`..${FOLDER}${file}`] ?? ""]),
  );
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

function scriptOf(file: string, isStandIn: boolean): HTMLScriptElement {
  const script = document.createElement("script");
  script.src = FOLDER + file;
  // Loaded at once, run in order.
  script.async = false;
  if (isStandIn) script.dataset["standIn"] = "";
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
