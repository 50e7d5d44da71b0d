// `CallGear.UI.Mobile`: whether a form fills the screen, and sizes in shares of the window's width.
import { guarded } from "./log";
import { plain, type Plain } from "./plain";

/** What controllers get. */
export interface Mobile {
  form(): void;
  unform(): void;
  isFullSizeMode(): boolean;
  updateLabelStyles(
    element: unknown,
    styles?: unknown,
    unused?: unknown,
    position?: unknown,
    margins?: unknown,
  ): void;
}

/** Styles whose numbers are no lengths. */
const BARE = new Set(["fontWeight", "flex", "flexGrow", "flexShrink", "opacity", "order", "zIndex"]);

/** Makes it; `tell` fires an event of `CallGear`. */
export function mobile(tell: (event: "ui:actionstart" | "ui:actionend") => void): Mobile {
  let isFull = false;
  // Controllers hide their labels, and show them again, at these: the form that they show or hide now must have
  // come, or be gone, by then.
  const turn = (isOn: boolean, event: "ui:actionstart" | "ui:actionend"): void => {
    isFull = isOn;
    setTimeout(() => tell(event), 0);
  };
  return {
    form: () => turn(true, "ui:actionstart"),
    unform: () => turn(false, "ui:actionend"),
    isFullSizeMode: () => isFull,
    updateLabelStyles: (element, styles, _unused, position, margins) =>
      guarded("updateLabelStyles", () => {
        if (!(element instanceof HTMLElement)) return;
        for (const [key, value] of Object.entries(plain(styles))) put(element, key, value);
        if (position) setPosition(element, plain(position), plain(margins));
      }),
  };
}

function setPosition(element: HTMLElement, position: Plain, margins: Plain): void {
  const top = share(margins["top"]);
  const { style } = element;
  switch (position["top"]) {
    case "top":
      Object.assign(style, { top, bottom: "auto" });
      break;
    case "bottom":
      Object.assign(style, { bottom: top, top: "auto" });
      break;
    case "middle":
      // The element's middle is at the window's; `middle-fixed` puts its upper edge there.
      Object.assign(style, { top: `calc(50% + ${top} - ${halfHeight(element)})`, bottom: "auto" });
      break;
    case "middle-fixed":
      Object.assign(style, { top: `calc(50% + ${top})`, bottom: "auto" });
  }
  const left = share(margins["left"]);
  if (position["left"] === "left") Object.assign(style, { left, right: "auto" });
  if (position["left"] === "right") Object.assign(style, { right: left, left: "auto" });
}

function halfHeight(element: HTMLElement): string {
  const own = /^(\d+(?:\.\d+)?)vw$/.exec(element.style.height)?.[1];
  return own === undefined ? `${String(element.offsetHeight / 2)}px` : `${String(Number(own) / 2)}vw`;
}

function put(element: HTMLElement, key: string, value: unknown): void {
  if (value === null || value === undefined || !(key in element.style)) return;
  const text = typeof value === "number" && !BARE.has(key) ? share(value) : String(value);
  Object.assign(element.style, { [key]: text });
}

/** Percent of the window's width; what is no number counts as none. */
function share(value: unknown): string {
  return `${String(typeof value === "number" && Number.isFinite(value) ? value : 0)}vw`;
}
