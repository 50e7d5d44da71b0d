// Taking back what was typed into a masked field: its text is written by a script, and of that the browser's own
// undo knows nothing.
//
// What must always hold: what comes back is a text that the field has held, put into the mask that it has now.
import { announce, spanOf, write } from "./caret";
import { textOf } from "./fields";
import { conform, type Mask } from "./masks";

/** Steps that a field remembers. */
const STEPS = 100;

/** Which way. */
export type Way = "historyUndo" | "historyRedo";

interface Step {
  text: string;
  caret: number;
}

/** The way that a key goes; `null`: another key. By its place, because other alphabets have other letters there. */
export function wayOf({ code, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): Way | null {
  if (ctrlKey === metaKey || altKey) return null;
  if (code === "KeyZ") return shiftKey ? "historyRedo" : "historyUndo";
  return code === "KeyY" && ctrlKey && !shiftKey ? "historyRedo" : null;
}

/** What the masked fields of a page held. */
export class Undo {
  readonly #steps = new WeakMap<Element, Record<Way, Step[]>>();

  /** The field is going to change. */
  keep(field: Element): void {
    const steps = this.#of(field);
    steps.historyUndo = [...steps.historyUndo.slice(1 - STEPS), stepOf(field)];
    steps.historyRedo = [];
  }

  /** Goes one step. */
  go(field: Element, mask: Mask, way: Way): void {
    const steps = this.#of(field);
    const step = steps[way].pop();
    if (!step) return;
    steps[way === "historyUndo" ? "historyRedo" : "historyUndo"].push(stepOf(field));
    const { text, caret } = conform(mask, step.text, step.caret);
    write(field, text, caret);
    announce(field, way, null);
  }

  #of(field: Element): Record<Way, Step[]> {
    const steps = this.#steps.get(field) ?? { historyUndo: [], historyRedo: [] };
    this.#steps.set(field, steps);
    return steps;
  }
}

function stepOf(field: Element): Step {
  return { text: textOf(field), caret: spanOf(field).start };
}
