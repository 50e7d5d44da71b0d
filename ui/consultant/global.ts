// What packs see: `window.CallGear` (and `Comagic`, the same), the base class and the command queue.
import type { DeviceKind } from "../generated/DeviceKind";
import type { Properties } from "./properties";
import { takeOver, type Command, type CommandQueue } from "./queue";
import type { Storage } from "./storage";
import type { PublicUi } from "./ui";
import { Widget } from "./widget";

/** Ends an asynchronous verb; only the first call counts. */
export type Done = (success: boolean) => void;

/**
 * What the session supplies to `CallGear`. Whatever a controller hands over comes through unchecked; a verb that
 * throws is reported and answered with `success: false`.
 */
export interface SessionVerbs {
  /** The visitor's card as it is now. */
  visitorCard(): { name: string; emails: readonly string[]; phones: readonly string[] };
  /** `sendChatByMail(values, cb)`. */
  sendChatByMail(values: unknown, done: Done): void;
  /** `addVisitorInfo(info, cb)`. */
  addVisitorInfo(info: unknown, done: Done): void;
  /** `addOfflineRequest(request, cb)`. */
  addOfflineRequest(request: unknown, done: Done): void;
  /** `getOperatorStatus()`. */
  getOperatorStatus(): string;
  /** `getSessionId()`. */
  getSessionId(): string;
}

/** A verb that answers by a callback. */
export type Asking = (what: unknown, done?: unknown) => void;

/** `window.CallGear`. */
export interface CallGear extends Properties {
  UI: PublicUi;
  storage: Storage;
  /**
   * `ui:actionstart`, `ui:actionend`. `sleep` is never told: a website says by it that the visit is over, and forms
   * hide for good; here the window is the visit.
   */
  on(event: unknown, handler: unknown): void;
  un(event: unknown, handler?: unknown): void;
  getDeviceType(): DeviceKind;
  getVisitorId(): string;
  /** Takes part in no statistics: nothing is kept and nothing leaves. */
  trackEvent(...what: unknown[]): void;
  getCaptcha(done: unknown, options?: unknown): void;
  Captcha: { get_captcha(done: unknown): void; getCaptcha(done: unknown, options?: unknown): void };
  openChatWindow(): void;
  openSiteRequestPanel(): void;
  openSitePhonePanel(): void;
  visitorCard: { getItem(key: unknown): unknown };
  sendChatByMail: Asking;
  addVisitorInfo: Asking;
  addOfflineRequest: Asking;
  getOperatorStatus: () => string;
  getSessionId: () => string;
}

/** The names that packs know. */
export interface PackWindow {
  CallGear?: CallGear;
  Comagic?: CallGear;
  CallGearWidget?: typeof Widget;
  ComagicWidget?: typeof Widget;
  __cs?: CommandQueue | unknown[];
}

/** Puts the names into `target`; commands that were given before are carried out now. */
export function install(
  target: PackWindow,
  callGear: CallGear,
  commands: ReadonlyMap<string, Command>,
): void {
  target.CallGear = callGear;
  target.Comagic = callGear;
  target.CallGearWidget = Widget;
  target.ComagicWidget = Widget;
  target.__cs = takeOver(target.__cs, commands);
}
