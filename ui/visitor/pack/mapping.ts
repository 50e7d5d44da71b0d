// Which files a company's form is made of, controller by controller: what its options say, as URLs.
//
// What must always hold: no URL leads out of the pack; the chat's controller comes first, then `sitephone`.
import type { Entry } from "../../consultant/options";
import { isPlain, plain } from "../../consultant/plain";
import type { PackBoot } from "../../generated/PackBoot";

/** One entry of the options, with everything found. */
export interface Part {
  /** The controller, or `VC`. */
  readonly name: string;
  /** The page that names it. */
  readonly base: string;
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
  /** URLs by name. */
  readonly templates: Readonly<Record<string, string>>;
  /** The `settings.json` that is its own; `{}` where it has none. */
  readonly settings: unknown;
  /** Paths, as they were given, that lead out of the pack. */
  readonly outside: readonly string[];
  /** Styles from elsewhere, as they were given: a form that asks for a font so goes on without. */
  readonly remoteStyles: readonly string[];
}

const ORDER = ["consultant", "VC", "sitephone"];

/** The parts of a pack, in the order in which they are loaded. */
export function partsOf(entries: readonly Entry[], pack: PackBoot): Part[] {
  const rank = ({ name }: Entry): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  return [...entries].sort((a, b) => rank(a) - rank(b)).map((entry) => partOf(entry, pack));
}

/** The path of a URL inside the pack, without query, as the pack spells it; `null` where it is not in there. */
export function pathOf(base: string, url: string): string | null {
  if (!url.startsWith(base)) return null;
  const path = url.slice(base.length).replace(/[?#].*$/s, "");
  try {
    return decodeURIComponent(path).normalize();
  } catch {
    return path;
  }
}

function partOf({ name, base, given }: Entry, pack: PackBoot): Part {
  const outside: string[] = [];
  const find = (path: string): string[] => {
    const url = within(path, base, pack.base);
    if (url === null) outside.push(path);
    return url === null ? [] : [url];
  };
  const scripts = texts(given["js"]).flatMap(find);
  const styles = texts(given["css"]);
  const named = Object.entries(plain(given["tpls"])).flatMap(([key, path]) =>
    texts(path)
      .slice(0, 1)
      .flatMap(find)
      .map((url) => [key, url]),
  );
  return {
    name,
    base,
    scripts,
    styles: styles.filter((path) => !isRemote(path)).flatMap(find),
    templates: Object.fromEntries(named) as Record<string, string>,
    settings: settingsOf(scripts, base, pack),
    outside,
    remoteStyles: styles.filter(isRemote),
  };
}

/** Is it somewhere in the network? */
export function isRemote(path: string): boolean {
  return /^\s*(https?:)?\/\//i.test(path);
}

/** What numbers a file's version on a website means nothing here; a backslash is a slash there. */
function within(path: string, base: string, pack: string): string | null {
  try {
    const url = new URL(path.replace(/[?#].*$/s, "").replaceAll("\\", "/"), base);
    return url.href.startsWith(pack) ? url.href : null;
  } catch {
    return null;
  }
}

/** Beside a script, otherwise beside the mapping, otherwise above the first script. */
function settingsOf(scripts: readonly string[], base: string, pack: PackBoot): unknown {
  const folders = [...scripts, base].map((url) => folderOf(pathOf(pack.base, url) ?? ""));
  for (let above = folders[0] ?? ""; above !== ""; folders.push(above)) above = folderOf(above);
  const folder = folders.find((one) => Object.hasOwn(pack.settings, one));
  if (folder === undefined) return {};
  return withSound(pack.settings[folder], pack.base + encodeURI(folder === "" ? "" : `${folder}/`));
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}

/** Scripts know nothing of where their settings lie: the sound's file is named from there. */
function withSound(settings: unknown, folder: string): unknown {
  if (!isPlain(settings)) return settings;
  const { chat, message_audio_file: own } = settings;
  return {
    ...settings,
    ...(isRelative(own) ? { message_audio_file: new URL(own, folder).href } : {}),
    ...(isPlain(chat) ? { chat: withSound(chat, folder) } : {}),
  };
}

function isRelative(file: unknown): file is string {
  return typeof file === "string" && file !== "" && !/^([a-z][a-z\d+.-]*:|\/)/i.test(file);
}

/** A text, or a list's texts. */
function texts(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((one): one is string => typeof one === "string" && one.trim() !== "");
}
