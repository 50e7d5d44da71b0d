// The visitor's devices, one a row; each but this one can be taken away.
import type { VisitorBackend } from "../backend/backend";
import { button, make } from "../consultant/elements";
import type { Device } from "../generated/Device";
import type { DeviceTexts } from "./devicetexts";
import { isBusy, whileBusy } from "./parts";

/** What became of something: words for whoever looks, or listens. */
export type Say = (words: string, kind: "done" | "problem") => void;

/** The list; it is empty until `load` was called. */
export class DeviceList {
  readonly element = make("div", "devices__list");
  readonly #backend: VisitorBackend;
  readonly #texts: DeviceTexts;
  readonly #say: Say;
  readonly #sentence: (reason: unknown) => string;
  #drawn = "";

  constructor(backend: VisitorBackend, texts: DeviceTexts, say: Say, sentence: (reason: unknown) => string) {
    this.#backend = backend;
    this.#texts = texts;
    this.#say = say;
    this.#sentence = sentence;
    this.element.dataset["test"] = "devices";
    this.element.tabIndex = -1;
    this.element.append(make("p", "devices__note", texts.t("loading")));
  }

  /** Asks anew. While a question about a device is open, nothing moves below the person's hand. */
  async load(): Promise<void> {
    try {
      const devices = await this.#backend.devices();
      if (!this.element.querySelector(".devices__sure")) this.#draw(devices);
    } catch (reason) {
      if (this.#drawn === "") this.#fail(this.#sentence(reason));
    }
  }

  #draw(devices: readonly Device[]): void {
    const now = Date.now();
    const sorted = [...devices].sort((a, b) => Number(b.this) - Number(a.this) || b.seen - a.seen);
    const rows = sorted.map((device) => this.#row(device, now));
    const list = make("ul", "devices__rows");
    list.append(...rows);
    const alone = devices.length > 1 ? [] : [make("p", "devices__note", this.#texts.t("alone"))];
    // What is as it was is not drawn again: a button keeps its focus.
    const drawn = list.outerHTML;
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.element.replaceChildren(list, ...alone);
  }

  #row(device: Device, now: number): HTMLElement {
    const { t, date, ago } = this.#texts;
    const row = make("li", "devices__row");
    row.dataset["test"] = "device";
    const words = make("div", "devices__words");
    const seen = device.connected ? t("now") : t("seen", { when: ago(device.seen, now) });
    const linked = t("linked", { date: date(device.linked) });
    words.append(
      make("span", "devices__name", t(device.this ? "this" : "other")),
      make("span", "devices__when", `${seen} · ${linked}`),
    );
    const dot = make("span", `devices__dot${device.connected ? " devices__dot--on" : ""}`);
    row.append(dot, words);
    if (!device.this) row.append(this.#taking(device, row));
    return row;
  }

  #taking(device: Device, row: HTMLElement): HTMLElement {
    const { t } = this.#texts;
    return button("take", "devices__button", t("take"), () => {
      const sure = make("div", "devices__sure");
      const yes = button("take-sure", "devices__button devices__button--bad", t("take"), () => {
        if (!isBusy(yes)) void whileBusy(yes, t("busy"), this.#take(device, sure));
      });
      const no = button("keep", "devices__button", t("keep"), () => {
        sure.remove();
        row.querySelector<HTMLElement>('[data-test="take"]')?.focus();
      });
      sure.append(make("p", "devices__note", t("take_question")), yes, no);
      row.querySelector(".devices__sure")?.remove();
      row.append(sure);
      no.focus();
    });
  }

  async #take(device: Device, sure: HTMLElement): Promise<void> {
    try {
      await this.#backend.revoke(device.device_id);
      sure.remove();
      // The button that had the focus is gone.
      this.element.focus();
      this.#say(this.#texts.t("taken"), "done");
      await this.load();
    } catch (reason) {
      this.#say(this.#sentence(reason), "problem");
    }
  }

  #fail(words: string): void {
    const again = button("again", "devices__button", this.#texts.t("again"), () => void this.load());
    this.element.replaceChildren(make("p", "devices__note devices__note--bad", words), again);
  }
}
