// Buttons of the page's own panels that take a while.

/** Keeps a button from being pressed twice while `task` runs; its words say that it runs. */
export async function whileBusy(
  pressed: HTMLButtonElement,
  words: string,
  task: Promise<void>,
): Promise<void> {
  const own = pressed.textContent;
  // Not `disabled`: that would take the focus away.
  pressed.setAttribute("aria-disabled", "true");
  pressed.textContent = words;
  try {
    await task;
  } finally {
    pressed.removeAttribute("aria-disabled");
    pressed.textContent = own;
  }
}

/** Is it busy? */
export function isBusy(pressed: HTMLButtonElement): boolean {
  return pressed.getAttribute("aria-disabled") === "true";
}
