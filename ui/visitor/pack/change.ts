// The site's form is another one now: the page begins anew with it.
//
// What must always hold: nobody's words and no conversation are lost to it; where no form is up there is nothing to lose.
import type { Runtime } from "../../consultant/runtime";
import { isIdle } from "../../consultant/stale";

/** Begins anew as soon as nobody is busy; `isUp`: does a form run? */
export function followPack(
  { onPack, session }: Pick<Runtime, "onPack" | "session">,
  isUp: () => boolean,
  reload = () => location.reload(),
): void {
  let isDue = false;
  const look = (): void => {
    if (!isDue || (isUp() && !isIdle(session, document))) return;
    isDue = false;
    reload();
  };
  onPack(() => {
    isDue = true;
    look();
  });
  session.teller.watch(look);
}
