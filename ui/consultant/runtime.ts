// The consultant's runtime of one page: session, widgets, controllers and the names that packs see.
import type { VisitorBackend } from "../backend/backend";
import type { VisitorUpdate } from "../generated/VisitorUpdate";
import { chatClass } from "./chat";
import { Controllers } from "./controllers";
import { install, type CallGear, type PackWindow } from "./global";
import type { Command } from "./queue";
import { Registry } from "./registry";
import { Session } from "./session";
import { safeSettings } from "./settings";
import { withAliases, type Templates } from "./template";
import { visitorTexts, type Texts } from "./texts";
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
  /** Runs the controllers, then lets events through. */
  start(pack: LoadedPack): void;
}

/** Boots the session and puts the public names into `target`. Rejects with a `Problem`. */
export async function bootRuntime(backend: VisitorBackend, target: PackWindow): Promise<Runtime> {
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
  const callGear: CallGear = {
    UI: publicUi(registry, controllers, texts),
    getDeviceType: () => "desktop",
    getVisitorId: () => boot.visitor_id,
  };
  const commands = new Map<string, Command>([
    ["registerViewController", (name, controller) => controllers.register(name, controller)],
  ]);
  install(target, callGear, commands);
  document.documentElement.lang = boot.locale;
  return {
    session,
    texts,
    callGear,
    start({ settings, templates }) {
      registry.addTemplates(templates);
      controllers.run({ settings: safeSettings(settings), templates: withAliases(templates) });
      session.start();
    },
  };
}
