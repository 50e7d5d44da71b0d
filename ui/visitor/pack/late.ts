// A controller that registers itself after its script has run: from a timer, or when another file has come.
import type { Runtime } from "../../consultant/runtime";

/** Milliseconds that a controller may be late by; the app takes a page that is not up in 10 s for one that hangs. */
export const LATE_MS = 2000;

/** Resolves once the controller is there, or when it was waited for long enough. */
export function waitForController(
  name: string,
  controllers: Runtime["controllers"],
  limitMs: number,
): Promise<void> {
  return new Promise((resolve) => {
    if (controllers.has(name)) return resolve();
    const timer = setTimeout(resolve, limitMs);
    controllers.onRegistration((one) => {
      if (one !== name) return;
      clearTimeout(timer);
      resolve();
    });
  });
}
