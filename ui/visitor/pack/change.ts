// The site's form is another one now: the page begins anew with it.
//
// What must always hold: nobody's words and no conversation are lost to it, and nobody sees a form vanish that he has
// just opened; where no form is up there is nothing to lose.
import type { Runtime } from "../../consultant/runtime";
import { isIdle } from "../../consultant/stale";

/** Milliseconds after a person's last deed: who has ended a chat may be about to rate it, or to leave a number. */
export const QUIET_MS = 20_000;
const DEEDS = ["keydown", "pointerdown", "wheel"] as const;

/** Begins anew as soon as nobody is busy; `isUp`: does a form run? */
export function followPack(
  { onPack, session }: Pick<Runtime, "onPack" | "session">,
  isUp: () => boolean,
  reload = () => location.reload(),
): void {
  let isDue = false;
  let busyAt = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const touch = (): void => void (busyAt = performance.now());
  const look = (): void => {
    clearTimeout(timer);
    if (!isDue) return;
    if (isUp()) {
      if (!isIdle(session, document)) touch();
      const left = busyAt + QUIET_MS - performance.now();
      if (left > 0) return void (timer = setTimeout(look, left));
    }
    isDue = false;
    reload();
  };
  for (const deed of DEEDS) document.addEventListener(deed, touch, { capture: true, passive: true });
  onPack(() => {
    isDue = true;
    look();
  });
  session.teller.watch(look);
}
