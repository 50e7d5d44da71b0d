// The site's settings changed: may the page begin anew with them?
//
// What must always hold: nobody's words and no conversation are lost to it.
import type { Session } from "./session";

/** Is no chat open, nothing under way and nothing typed in `page`? */
export function isIdle(session: Session, page: Document): boolean {
  const { mirror, consents } = session;
  const isUnsent = mirror.lines.all.some((line) => line.mine && line.seq === null);
  return mirror.state === "available" && !isUnsent && consents.question === null && !isTyped(page);
}

function isTyped(page: Document): boolean {
  const fields = page.querySelectorAll("input, textarea, [contenteditable]");
  return [...fields].some((field) => {
    if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue;
    if (field instanceof HTMLInputElement) return !isTick(field) && field.value !== field.defaultValue;
    return field.getAttribute("contenteditable") !== "false" && field.textContent.trim() !== "";
  });
}

function isTick({ type }: HTMLInputElement): boolean {
  return ["checkbox", "radio", "hidden", "submit", "button"].includes(type);
}
