// The consultant's runtime of one page: session, widgets, controllers and the names that packs see.
import type { VisitorBackend } from "../backend/backend";
import type { VisitorUpdate } from "../generated/VisitorUpdate";
import type { Locale } from "../generated/Locale";
import { makeCallGear } from "./callgear";
import { chatClass } from "./chat";
import { sayFileTypes, sayWithoutMail } from "./constants";
import { CHAT, Controllers } from "./controllers";
import { install, type CallGear, type PackWindow } from "./global";
import { listenToLayout } from "./layout";
import { followLeads, LEADS, leadClass, Showing } from "./leads";
import type { PackOptions } from "./options";
import type { Command } from "./queue";
import { Registry } from "./registry";
import { callClass, offlineClass } from "./requests";
import { Session } from "./session";
import { safeOtherSettings, safeSettings } from "./settings";
import { requiredOf, withGroups, withSite } from "./site";
import { isIdle } from "./stale";
import { localShelf, siteStorage } from "./storage";
import { withAliases, type Templates } from "./template";
import { loadTexts, type Texts } from "./texts";
import { listenToFields } from "./typed";
import { publicUi } from "./ui";
import { sessionVerbs } from "./verbs";

/** Milliseconds that a very first start waits for the site's settings. */
const FORM_MS = 700;

/** Of a page that runs nothing but its own form. */
const NO_OPTIONS: PackOptions = {
  device: "desktop",
  apply: () => undefined,
  before: (_, input) => input,
  after: () => undefined,
};

/** What a controller of a pack is run with. */
export interface ControllerPart {
  /** Controllers whose settings are one object share what they get. */
  settings: unknown;
  templates: Templates;
  /** Whose hooks run round it, by the name in the options: the consultant's where none is given. */
  entry?: string;
}

/** A pack's settings and templates; its scripts have run by now and registered their controllers. */
export interface LoadedPack extends ControllerPart {
  /** What a controller has of its own. */
  own?(name: string): ControllerPart | undefined;
}

/** A page whose session is there and whose controllers are not yet run. */
export interface Runtime {
  readonly session: Session;
  readonly texts: Texts;
  readonly locale: Locale;
  readonly callGear: CallGear;
  readonly controllers: Controllers;
  /** Calls `listener` when the site's form is another one now; at once, where that came already. */
  onPack(listener: () => void): void;
  /** Calls `listener` when the site's settings are others than those that the controllers got, and nobody is busy. */
  onStale(listener: () => void): void;
  /** Resolves when the site's settings are there; where they were never here, after a moment in any case. */
  settled(): Promise<void>;
  /** Runs the controllers, then lets events through. */
  start(pack: LoadedPack): void;
}

/**
 * Boots the session and puts the public names into `target`; `options` takes what packs say of themselves. Rejects with
 * a `Problem`.
 */
export async function bootRuntime(
  backend: VisitorBackend,
  target: PackWindow,
  options: PackOptions = NO_OPTIONS,
): Promise<Runtime> {
  // Updates may come while the page is between the boot's answer and the session.
  const early: VisitorUpdate[] = [];
  const packListeners: (() => void)[] = [];
  let isOtherPack = false;
  let receive = (update: VisitorUpdate): void => void early.push(update);
  const boot = await backend.boot((update) => receive(update));
  const texts = await loadTexts(boot.locale);
  const session = new Session(backend, boot, texts);
  receive = (update) => {
    if (update.type !== "pack") return session.receive(update);
    isOtherPack = true;
    for (const listener of packListeners) listener();
  };
  early.forEach(receive);

  const registry = new Registry();
  const controllers = new Controllers();
  defineClasses(registry, session, controllers);
  const staleListeners: (() => void)[] = [];
  const callGear = makeCallGear({
    ui: publicUi(registry, controllers, texts, () => session.files.types),
    registry,
    options,
    storage: siteStorage(boot.site, boot.session_only ? null : localShelf()),
    visitorId: boot.visitor_id,
    verbs: sessionVerbs(session),
  });
  const commands = new Map<string, Command>([
    ["applyWidgetsOptions", (given) => options.apply(given)],
    ["registerViewController", (name, controller) => controllers.register(name, controller)],
  ]);
  const isRoot = (element: Element): boolean => registry.isRoot(element);
  listenToFields(document, isRoot);
  listenToLayout(document, isRoot);
  install(target, callGear, commands);
  document.documentElement.lang = boot.locale;
  return {
    session,
    texts,
    locale: boot.locale,
    callGear,
    controllers,
    onPack(listener) {
      packListeners.push(listener);
      if (isOtherPack) listener();
    },
    onStale(listener) {
      staleListeners.push(listener);
    },
    settled: () =>
      new Promise((resolve) => {
        if (session.mirror.form) return resolve();
        session.onForm(resolve);
        setTimeout(resolve, FORM_MS);
      }),
    start(pack) {
      const chat = pack.own?.(CHAT) ?? pack;
      const own = JSON.stringify(chat.settings ?? {});
      const made = (): Record<string, unknown> =>
        safeSettings(withSite(JSON.parse(own), session.mirror.form, texts, session.mirror.present.group));
      const site = made();
      const begunWith = JSON.stringify(site);
      sayFileTypes(callGear.UI.C, session.files.types);
      if (session.mirror.form?.mail === false) sayWithoutMail(callGear.UI.C, texts);
      controllers.run((name, run) => {
        const { entry = CHAT, settings, templates }: ControllerPart = pack.own?.(name) ?? pack;
        const given =
          settings === chat.settings
            ? site
            : safeOtherSettings(name, withGroups(settings, session.mirror.form));
        const hooked = options.before(entry, { settings: given, templates: withAliases(templates) });
        const input = { ...hooked, templates: withAliases(hooked.templates) };
        if (name === CHAT) session.card.required = requiredOf(input.settings);
        registry.addTemplates(input.templates);
        registry.within(input.templates, () => run(input));
        options.after(entry, callGear.UI);
      });
      session.start();
      session.onForm(() => {
        if (JSON.stringify(made()) === begunWith || !isIdle(session, document)) return;
        for (const listener of staleListeners) listener();
      });
    },
  };
}

/** The widgets that have a class of their own. */
function defineClasses(registry: Registry, session: Session, controllers: Controllers): void {
  registry.define("consultant_chat", chatClass(session));
  registry.define("consultant_offline_message", offlineClass(session));
  registry.define("consultant_sitephone", callClass(session, "sitephonecall"));
  registry.define("sitephone", callClass(session, "callcomplete"));
  const showing = new Showing();
  for (const form of LEADS) registry.define(form, leadClass(session, showing));
  followLeads(session, showing, registry, (form) => controllers.show(form));
}
