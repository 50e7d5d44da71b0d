// A company's form: its files brought in, its controllers registered, and what each of them is run with.
//
// What must always hold: without everything that its chat is made of nothing of it runs; what another controller lacks
// stops that one alone. A pack that brings no chat of its own stands beside the page's own form.
import { CHAT } from "../../consultant/controllers";
import type { WidgetsOptions } from "../../consultant/options";
import type { ControllerPart, LoadedPack, Runtime } from "../../consultant/runtime";
import type { Compiled, Templates } from "../../consultant/template";
import type { PackAnswer } from "../../generated/PackAnswer";
import type { PackBoot } from "../../generated/PackBoot";
import type { Flaw, Flaws } from "./flaws";
import { waitForController } from "./late";
import { partsOf, pathOf, type Part } from "./mapping";
import { Moments } from "./moments";
import type { Tags, TemplateFunction } from "./tags";
import { trustOf } from "./trusted";

/** What a company's form is loaded with. */
export interface Loading {
  pack: PackBoot;
  device: PackAnswer["device"];
  options: WidgetsOptions;
  controllers: Runtime["controllers"];
  tags: Tags;
  flaws: Flaws;
  /** Milliseconds that a controller may register itself after its script has run. */
  lateMs: number;
  /** The page's own form, for a pack that has no chat. */
  loadDefault: () => Promise<ControllerPart>;
}

/** A form that can run, or why it cannot. */
export type Loaded = { form: LoadedPack; isBeside: boolean } | { stop: Flaw };

/** Brings a form in. */
export async function loadCompany(loading: Loading): Promise<Loaded> {
  const { pack, flaws, controllers, loadDefault, tags } = loading;
  const moments = new Moments(window);
  const parts = partsOf(await entriesOf(loading, moments), pack);
  const owners = followOwners(loading, parts);
  const script = once((url) => tags.script(url));
  const loaded = await Promise.all(parts.map((part) => loadPart(part, loading, script)));
  moments.come();
  moments.end();
  const isLate = (part: LoadedPart): boolean => part.name !== "VC" && !owners.has(part.name);
  const mayCome = (part: LoadedPart): boolean => !part.lack && part.hasScripts && !isBroken(flaws);
  const come = (name: string): Promise<void> => waitForController(name, controllers, loading.lateMs);
  const chat = chatOf(loaded);
  if (chat && isLate(chat) && mayCome(chat)) await come(CHAT);
  const stop = stopOf(loading, loaded, owners.size > 0);
  if (stop) return { stop };
  for (const part of loaded.filter(isLate)) {
    const say = (): void => {
      if (isLate(part)) flaws.add({ kind: "no_controller", name: part.name });
    };
    // The chat need not wait for another form.
    if (mayCome(part)) void come(part.name).then(say);
    else say();
  }
  const isBeside = !controllers.has(CHAT);
  const main = isBeside ? await loadDefault() : owned(CHAT);
  return {
    form: { ...main, own: (name) => (isBeside && !owners.has(name) ? undefined : owned(name)) },
    isBeside,
  };

  function owned(name: string): ControllerPart {
    const own =
      loaded.find((part) => part.name === name) ?? loaded.find((part) => part.name === owners.get(name));
    const { settings, templates, name: entry } = own ?? chatOf(loaded) ?? EMPTY;
    return { settings, templates, entry };
  }
}

interface LoadedPart {
  name: string;
  settings: unknown;
  templates: Templates;
  hasScripts: boolean;
  /** The first thing that is not there, or cannot be used. */
  lack: Flaw | null;
}

const EMPTY: LoadedPart = { name: CHAT, settings: {}, templates: {}, hasScripts: false, lack: null };

/** Runs what says which files there are. */
async function entriesOf(
  { pack, device, options, tags, flaws }: Loading,
  moments: Moments,
): Promise<WidgetsOptions["entries"]> {
  options.wanted = device;
  options.base = pack.base;
  if (pack.options !== null) options.apply(pack.options);
  const pages = pack.options === null ? pack.pages.map((page) => pack.base + page) : [];
  // Fetched side by side, run in order; each page's paths start from its own URL.
  await Promise.all(pages.map((url) => tags.script(url).catch(() => flaws.missing(url))));
  moments.come();
  return options.entries;
}

/** Which part's script registers which controller; a script may register several. */
function followOwners({ controllers, pack }: Loading, parts: readonly Part[]): Map<string, string> {
  const owners = new Map<string, string>();
  controllers.onRegistration((name) => {
    const { src = "" } = (document.currentScript ?? {}) as { src?: string };
    const part = parts.find(({ scripts }) => scripts.includes(src)) ?? parts.find((one) => one.name === name);
    if (part && (src === "" || pathOf(pack.base, src) !== null)) owners.set(name, part.name);
  });
  return owners;
}

async function loadPart(
  part: Part,
  { pack, tags, flaws }: Loading,
  script: Tags["script"],
): Promise<LoadedPart> {
  const { name, settings } = part;
  const lacks = part.outside.map((path) => flaws.outside(path, part.base));
  for (const path of part.remoteStyles) flaws.outside(path, part.base);
  const isTrusted = trustOf(settings, pack.trusted);
  const templates: Templates = {};
  flaws.know(Object.values(part.templates));
  await Promise.all([
    // A style that is missing is only missing.
    ...part.styles.map((url) => tags.style(url).catch(() => flaws.missing(url))),
    ...part.scripts.map((url) => script(url).catch(() => lacks.push(flaws.missing(url)))),
    ...Object.entries(part.templates).map(async ([key, url]) => {
      const got = await tags.template(url).catch(() => null);
      if (got?.template) templates[key] = templateOf(got.template, part.base, isTrusted, flaws);
      else if (got) lacks.push(got.flaw ? flaws.add(got.flaw) : flaws.unusable(url));
      else lacks.push(flaws.missing(url));
    }),
  ]);
  return { name, settings, templates, hasScripts: part.scripts.length > 0, lack: lacks[0] ?? null };
}

/** Two controllers may share a script, which runs once. */
function once(run: (url: string) => Promise<void>): (url: string) => Promise<void> {
  const known = new Map<string, Promise<void>>();
  return (url) => {
    const running = known.get(url) ?? run(url);
    known.set(url, running);
    return running;
  };
}

/** `tpls[name]`: settings in, HTML out. */
function templateOf(
  template: TemplateFunction,
  base: string,
  isTrusted: (value: unknown) => boolean,
  flaws: Flaws,
): Compiled {
  const compiled = (settings: object): string => {
    try {
      return template(settings, isTrusted);
    } catch (problem) {
      flaws.thrown(problem);
      throw problem;
    }
  };
  return Object.assign(compiled, { base });
}

/** A chat that was promised and cannot run. A pack may also promise none. */
function stopOf(
  { controllers, flaws }: Loading,
  parts: readonly LoadedPart[],
  isAnyThere: boolean,
): Flaw | null {
  const chat = chatOf(parts);
  if (chat?.lack) return chat.lack;
  if (controllers.has(CHAT)) return null;
  const isPromised = chat?.name === CHAT || (chat && (isBroken(flaws) || !isAnyThere));
  return isPromised || parts.length === 0 ? flaws.cause(null) : null;
}

/** A script failed, so that what it would have registered never comes. */
function isBroken(flaws: Flaws): boolean {
  return flaws.found.some((one) => "kind" in one && (one.kind === "script" || one.kind === "eval"));
}

function chatOf(parts: readonly LoadedPart[]): LoadedPart | undefined {
  return parts.find(({ name }) => name === CHAT || name === "VC");
}
