// `CallGear.UI`: what view controllers make their forms with.
import { constants, sayFileTypes } from "./constants";
import { Controllers } from "./controllers";
import { formatPhoneNumber, getContrastColor, toDateString, toTimeString } from "./formats";
import type { Mobile } from "./mobile";
import { Board, type Observer } from "./observer";
import { Registry } from "./registry";
import { toElement } from "./template";
import type { Texts } from "./texts";
import type { Widget } from "./widget";

/** The runtime's user interface. Whatever a controller hands over is checked by who takes it. */
export interface PublicUi {
  C: Record<string, unknown>;
  isIE: false;
  registerViewController(name: unknown, controller: unknown): void;
  createWidget(name: unknown, config: unknown): Widget;
  getWidget(name: unknown): Widget | undefined;
  show(...names: unknown[]): void;
  hide(...names: unknown[]): void;
  createEl(template: unknown, data?: unknown): Element;
  createObserver(reducer: unknown): Observer;
  toTimeString(date: unknown): string;
  toDateString(date: unknown): string;
  getContrastColor(hex: unknown): string;
  formatPhoneNumber(value: unknown): string;
  getValidFileFormatExtensions(): string[];
  Mobile: Mobile;
}

/** Makes `CallGear.UI`, with the types of files that may be sent, but for what tells of itself by events of `CallGear`. */
export function publicUi(
  registry: Registry,
  controllers: Controllers,
  texts: Texts,
  fileTypes: () => string[],
): Omit<PublicUi, "Mobile"> {
  const board = new Board();
  const each = (names: unknown[], act: (widget: Widget) => unknown): void => {
    for (const name of names) {
      const widget = registry.get(name);
      if (widget) act(widget);
    }
  };
  const C = constants(texts);
  sayFileTypes(C, fileTypes());
  return {
    C,
    isIE: false,
    registerViewController: (name, controller) => controllers.register(name, controller),
    createWidget: (name, config) => registry.create(name, config),
    getWidget: (name) => registry.get(name),
    show: (...names) => each(names, (widget) => (widget.show as (isApi: boolean) => unknown)(true)),
    hide: (...names) => each(names, (widget) => widget.hide()),
    createEl: (template, data) =>
      toElement(template, typeof data === "object" && data !== null ? data : {}, registry.templates),
    createObserver: (reducer) => board.createObserver(reducer),
    toTimeString,
    toDateString,
    getContrastColor,
    formatPhoneNumber,
    getValidFileFormatExtensions: fileTypes,
  };
}
