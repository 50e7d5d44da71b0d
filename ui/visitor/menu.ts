// The way out of whatever form runs: a narrow tab at the window's upper edge, with files, devices and settings behind
// it, and a shortcut for each. Packs know nothing of it; one that presses it opens what changes nothing by itself.
import type { VisitorBackend } from "../backend/backend";
import { button, make } from "../consultant/elements";
import type { Texts } from "../consultant/texts";
import type { Locale } from "../generated/Locale";

/** Something that the menu offers. */
interface Offer {
  name: string;
  words: string;
  keys: string;
  isKey: (event: KeyboardEvent) => boolean;
  act: () => void;
}

/** Puts the tab into `page` and listens for the shortcuts; `file` lets the person choose what to send. */
export function drawMenu(
  page: HTMLElement,
  backend: VisitorBackend,
  locale: Locale,
  { t }: Texts,
  file: () => void,
): void {
  const report = (reason: unknown): void => console.error(reason);
  const offers: Offer[] = [
    {
      name: "file-open-dialog",
      words: t("page.file"),
      keys: "Ctrl+O",
      isKey: (event) => !event.shiftKey && event.code === "KeyO",
      act: file,
    },
    {
      name: "devices-open",
      words: t("page.devices"),
      keys: "Ctrl+Shift+D",
      isKey: (event) => event.shiftKey && event.code === "KeyD",
      act: () => void import("./devices").then(({ openDevices }) => openDevices(backend, locale), report),
    },
    {
      name: "settings-open",
      words: t("page.settings"),
      keys: "Ctrl+,",
      isKey: (event) => !event.shiftKey && (event.key === "," || event.code === "Comma"),
      act: () => void backend.settings().catch(report),
    },
  ];
  const tab = button("menu-open", "desk-menu", "", () => (list.hidden ? open() : shut()));
  tab.title = t("page.menu");
  tab.setAttribute("aria-label", t("page.menu"));
  tab.setAttribute("aria-haspopup", "menu");
  const list = make("div", "desk-menu__list");
  list.hidden = true;
  list.setAttribute("role", "menu");
  list.setAttribute("aria-label", t("page.menu"));
  for (const offer of offers) list.append(entry(offer));

  function entry({ name, words, keys, act }: Offer): HTMLElement {
    const item = button(name, "desk-menu__item", words, () => {
      shut();
      act();
    });
    item.setAttribute("role", "menuitem");
    item.setAttribute("aria-keyshortcuts", keys.replace("Ctrl", "Control"));
    item.tabIndex = -1;
    const key = make("kbd", "desk-menu__keys", keys);
    key.setAttribute("aria-hidden", "true");
    item.append(key);
    return item;
  }

  const items = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>('[role="menuitem"]')];

  function open(): void {
    list.hidden = false;
    tab.setAttribute("aria-expanded", "true");
    items()[0]?.focus();
  }

  function shut(): void {
    if (list.contains(document.activeElement)) tab.focus();
    list.hidden = true;
    tab.setAttribute("aria-expanded", "false");
  }

  list.addEventListener("keydown", (event) => {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") shut();
    else if (to === undefined) return;
    else all[to % all.length]?.focus();
    if (event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
  });
  window.addEventListener(
    "pointerdown",
    (event) => {
      const inside =
        event.target instanceof Node && (list.contains(event.target) || tab.contains(event.target));
      if (!list.hidden && !inside) shut();
    },
    true,
  );
  window.addEventListener("keydown", (event) => {
    const offer = offers.find(({ isKey }) => (event.ctrlKey || event.metaKey) && isKey(event));
    if (!offer) return;
    event.preventDefault();
    shut();
    offer.act();
  });
  // A landmark: whoever goes from one to the next by ear finds it beside the form.
  const place = make("nav", "desk-menu__place");
  place.setAttribute("aria-label", t("page.menu"));
  place.append(tab, list);
  page.append(place);
}
