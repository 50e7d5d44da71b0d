// The consultant's runtime of one page: session, widgets, controllers and the names that packs see.
import type { VisitorBackend } from "../backend/backend";
import type { VisitorUpdate } from "../generated/VisitorUpdate";
import { makeCallGear } from "./callgear";
import { chatClass } from "./chat";
import { Controllers } from "./controllers";
import { install, type CallGear, type PackWindow, type SessionVerbs } from "./global";
import { listenToLayout } from "./layout";
import { WidgetsOptions } from "./options";
import type { Command } from "./queue";
import { Registry } from "./registry";
import { Session } from "./session";
import { safeSettings } from "./settings";
import { localShelf, siteStorage } from "./storage";
import { withAliases, type Templates } from "./template";
import { visitorTexts, type Texts } from "./texts";
import { listenToFields } from "./typed";
import { publicUi } from "./ui";

/** A pack's settings and templates; its scripts have run by now and registered their controllers. */
export interface LoadedPack {
  settings: unknown;
  templates: Templates;
}

/** A page whose session is there and whose controllers are not yet run. */
export interface Runtime {
  readonly session: Session;
  readonly texts: Texts;
  readonly callGear: CallGear;
  /** Calls `listener` when the form of the chat did not start: nothing of it may be on the screen. */
  onFormStopped(listener: () => void): void;
  /** Runs the controllers, then lets events through. */
  start(pack: LoadedPack): void;
}

/** Boots the session and puts the public names into `target`. Rejects with a `Problem`. */
export async function bootRuntime(
  backend: VisitorBackend,
  target: PackWindow,
  verbsOf: (session: Session) => Partial<SessionVerbs> = () => ({}),
): Promise<Runtime> {
  // Updates may come while the page is between the boot's answer and the session.
  const early: VisitorUpdate[] = [];
  let receive = (update: VisitorUpdate): void => void early.push(update);
  const boot = await backend.boot((update) => receive(update));
  const texts = visitorTexts(boot.locale);
  const session = new Session(backend, boot, texts);
  receive = (update) => session.receive(update);
  early.forEach(receive);

  const registry = new Registry();
  registry.define("consultant_chat", chatClass(session));
  const controllers = new Controllers();
  const options = new WidgetsOptions();
  const callGear = makeCallGear({
    ui: publicUi(registry, controllers, texts),
    registry,
    options,
    storage: siteStorage(boot.site, boot.session_only ? null : localShelf()),
    visitorId: boot.visitor_id,
    verbs: verbsOf(session),
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
    callGear,
    onFormStopped(listener) {
      controllers.onFailure((name) => name === "consultant" && listener());
    },
    start({ settings, templates }) {
      const given = { settings: safeSettings(settings), templates: withAliases(templates) };
      const input = options.before(given);
      registry.addTemplates(input.templates);
      controllers.run(input);
      options.after(callGear.UI);
      session.start();
    },
  };
}
