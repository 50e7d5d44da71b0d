// `c-ref`: elements of a widget by name; `c-ref="groups[0]"` builds the array `refs.groups`. A select with a styled
// twin gets it here, because the twin's box is a ref as well: `<c-ref>CustomSelect`.
import { twinBox, wantsTwin } from "./select";

/** Elements by name, and arrays of them. */
export type Refs = Record<string, Element | Element[]>;

const INDEXED = /^(.+)\[(\d{1,4})\]$/;

/** Collects from `root` (included), but not from what `foreign` says belongs to another widget. */
export function collectRefs(root: Element, foreign: (element: Element) => boolean): Refs {
  const refs: Refs = {};
  const visit = (element: Element): void => {
    const name = element.getAttribute("c-ref");
    if (name) put(refs, name, element);
    if (wantsTwin(element)) {
      const box = twinBox(element);
      if (name) put(refs, name.replace(/(\[\d+\])?$/, "CustomSelect$1"), box);
    }
    for (const child of [...element.children]) if (!foreign(child)) visit(child);
  };
  visit(root);
  return refs;
}

function put(refs: Refs, name: string, element: Element): void {
  const [, list, index] = INDEXED.exec(name) ?? [];
  if (list === undefined || index === undefined) {
    refs[name] = element;
    return;
  }
  const known = refs[list];
  const elements = Array.isArray(known) ? known : [];
  elements[Number(index)] = element;
  refs[list] = elements;
}
