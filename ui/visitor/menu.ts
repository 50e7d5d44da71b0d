// The way to the panel of devices: a narrow tab at the window's upper edge, and a shortcut. Packs know nothing of it.
import type { VisitorBackend } from "../backend/backend";
import type { Locale } from "../generated/Locale";

/** Puts the tab into `page` and listens for the shortcut. */
export function drawMenu(page: HTMLElement, backend: VisitorBackend, locale: Locale, words: string): void {
  const open = (): void => {
    import("./devices").then(
      ({ openDevices }) => openDevices(backend, locale),
      (reason: unknown) => console.error(reason),
    );
  };
  const tab = document.createElement("button");
  tab.type = "button";
  tab.className = "desk-menu";
  tab.dataset["test"] = "devices-open";
  tab.title = words;
  tab.setAttribute("aria-label", words);
  tab.addEventListener("click", open);
  page.append(tab);
  window.addEventListener("keydown", (event) => {
    const isShortcut = (event.ctrlKey || event.metaKey) && event.shiftKey && event.code === "KeyD";
    if (!isShortcut) return;
    event.preventDefault();
    open();
  });
}
