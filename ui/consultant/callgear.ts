// `window.CallGear`, put together: what belongs to the page is made here, what belongs to the session comes from it.
//
// What must always hold: nothing here throws into a controller, and every callback gets its object.
import { Handlers } from "./events";
import type { Asking, CallGear, SessionVerbs } from "./global";
import { guarded, report } from "./log";
import { mobile } from "./mobile";
import type { PackOptions } from "./options";
import { properties } from "./properties";
import type { Registry } from "./registry";
import type { Storage } from "./storage";
import type { PublicUi } from "./ui";

/** A picture of nothing: nobody here has to prove to be human. */
const NOTHING_TO_READ =
  "data:image/svg+xml," +
  encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>');

/** What it is made of. */
export interface CallGearParts {
  ui: Omit<PublicUi, "Mobile">;
  registry: Registry;
  options: Pick<PackOptions, "device">;
  storage: Storage;
  visitorId: string;
  verbs: SessionVerbs;
}

/** Makes `CallGear`. */
export function makeCallGear({ ui, registry, options, storage, visitorId, verbs }: CallGearParts): CallGear {
  const handlers = new Handlers();
  const callGear: CallGear = {
    UI: { ...ui, Mobile: mobile((event) => void handlers.fire(callGear, event)) },
    storage,
    ...properties(),
    ...panels(registry),
    ...sessionNames(verbs),
    on: (event, handler) => handlers.add(event, handler),
    un: (event, handler) => handlers.remove(event, handler),
    getDeviceType: () => options.device,
    getVisitorId: () => visitorId,
    trackEvent: () => undefined,
    getCaptcha: captcha,
    Captcha: { get_captcha: captcha, getCaptcha: captcha },
  };
  return callGear;
}

function captcha(done: unknown): void {
  call("the callback of getCaptcha", done, { success: true, url: NOTHING_TO_READ, key: "" });
}

type Panels = Pick<CallGear, "openChatWindow" | "openSiteRequestPanel" | "openSitePhonePanel">;

/** Forms opened from outside: by `show(true)`, which reaches the controller's override. */
function panels(registry: Registry): Panels {
  const open = (verb: string, ...names: string[]): void => {
    const widget = names.map((name) => registry.get(name)).find((found) => found !== undefined);
    if (widget) guarded(verb, () => (widget.show as (isApi: boolean) => unknown)(true));
    else report(verb, `this form has no ${names.join(" and no ")}`);
  };
  const isAway = (): boolean => {
    const chat = registry.get("consultant_chat") as { isChatAvailable?: () => unknown } | undefined;
    return guarded("isChatAvailable", () => chat?.isChatAvailable?.() === false, false);
  };
  return {
    openChatWindow: () => {
      if (isAway()) open("openChatWindow", "consultant_offline_message", "consultant_chat");
      else open("openChatWindow", "consultant_chat");
    },
    openSiteRequestPanel: () => open("openSiteRequestPanel", "consultant_offline_message"),
    openSitePhonePanel: () => open("openSitePhonePanel", "sitephone", "consultant_sitephone"),
  };
}

type SessionNames = Pick<
  CallGear,
  | "visitorCard"
  | "sendChatByMail"
  | "addVisitorInfo"
  | "addOfflineRequest"
  | "getOperatorStatus"
  | "getSessionId"
>;

/** The verbs that the session supplies, made safe. */
function sessionNames(verbs: SessionVerbs): SessionNames {
  const asking =
    (verb: "sendChatByMail" | "addVisitorInfo" | "addOfflineRequest"): Asking =>
    (what, done) => {
      const answer = once((success) => call(`the callback of ${verb}`, done, { success }));
      try {
        verbs[verb](what, answer);
      } catch (problem) {
        report(verb, problem);
        answer(false);
      }
    };
  const card = (): ReturnType<SessionVerbs["visitorCard"]> | undefined =>
    guarded("visitorCard", () => verbs.visitorCard());
  return {
    visitorCard: { getItem: (key) => cardItem(key, card()) },
    sendChatByMail: asking("sendChatByMail"),
    addVisitorInfo: asking("addVisitorInfo"),
    addOfflineRequest: asking("addOfflineRequest"),
    getOperatorStatus: () => verbs.getOperatorStatus(),
    getSessionId: () => verbs.getSessionId(),
  };
}

/** The name as a text, addresses and numbers always as a list; a copy. */
function cardItem(key: unknown, card: ReturnType<SessionVerbs["visitorCard"]> | undefined): unknown {
  if (key === "name") return card?.name ?? "";
  if (key === "emails" || key === "phones") return [...(card?.[key] ?? [])];
  return null;
}

function once(answer: (success: boolean) => void): (success: boolean) => void {
  let isDone = false;
  return (success) => {
    if (isDone) return;
    isDone = true;
    answer(success);
  };
}

function call(where: string, done: unknown, answer: object): void {
  if (typeof done === "function") guarded(where, () => (done as (answer: object) => unknown)(answer));
}
