// Own files that are on their way, above a form that does not show how far they are.
import { make } from "../../consultant/elements";
import type { FileDeed } from "../../consultant/sending";
import type { Message } from "../../generated/Message";
import { percentOf } from "../../model/file-words";
import { signButton } from "../panel";
import { bar, nameOf, wayWords } from "./parts";
import type { Place } from "./room";

/** More are only counted. */
const MOST = 3;

/** The rows. */
export class Ways {
  readonly #place: Place;
  readonly #element = make("section", "files-ways");
  readonly #rows = new Map<string, Row>();

  constructor(place: Place) {
    this.#place = place;
    this.#element.dataset["test"] = "files-ways";
    this.#element.setAttribute("aria-label", place.t("way.label"));
  }

  draw(): void {
    const { session, body } = this.#place;
    const isForms = session.teller.hears("fileprogress");
    const moving = isForms
      ? []
      : session.mirror.lines.all.filter(({ file, status }) => file?.transfer?.up && status !== "failed");
    const shown = moving.slice(0, MOST);
    for (const [key, row] of this.#rows) {
      if (shown.some((line) => line.key === key)) continue;
      row.element.remove();
      this.#rows.delete(key);
    }
    for (const line of shown) {
      const row = this.#rows.get(line.key) ?? new Row(this.#place, line);
      this.#rows.set(line.key, row);
      row.draw(line);
      // What is moved in the page loses the focus.
      if (row.element.parentElement !== this.#element) this.#element.append(row.element);
    }
    if (shown.length === 0) this.#element.remove();
    else if (!this.#element.isConnected) placeOf(body).after(this.#element);
  }
}

/** Below the strip. */
function placeOf(body: HTMLElement): Element {
  return (
    body.querySelector(".desk-strip__step") ?? body.firstElementChild ?? body.appendChild(make("div", ""))
  );
}

class Row {
  readonly element = make("div", "files-way");
  readonly #place: Place;
  readonly #facts = make("span", "files-facts");
  readonly #bar = bar();
  readonly #pause: HTMLButtonElement;
  readonly #resume: HTMLButtonElement;
  #line: Message;

  constructor(place: Place, line: Message) {
    this.#place = place;
    this.#line = line;
    const name = line.file?.name ?? "";
    const deed = (sign: FileDeed): HTMLButtonElement =>
      signButton(sign, `files-${sign}`, place.t(`way.${sign}`, { name }), () =>
        place.sending.act(this.#line, sign),
      );
    this.#pause = deed("pause");
    this.#resume = deed("resume");
    const words = make("div", "files-words");
    words.append(nameOf(name), this.#facts, this.#bar);
    this.element.append(words, this.#pause, this.#resume, deed("cancel"));
  }

  draw(line: Message): void {
    this.#line = line;
    const transfer = line.file?.transfer;
    if (!transfer) return;
    this.#facts.textContent = wayWords(this.#place, transfer);
    this.#bar.value = percentOf(transfer.done, transfer.total);
    this.#pause.hidden = transfer.state === "paused";
    this.#resume.hidden = transfer.state !== "paused";
  }
}
