// What was dropped, pasted or chosen, before it is sent: a look at each, a caption, and the last word of the person.
//
// What must always hold: closing sends nothing and keeps nothing; one that cannot be sent says why and stops no other.
import { button, make } from "../../consultant/elements";
import { sizeText } from "../../consultant/filetexts";
import type { StagedFile } from "../../generated/StagedFile";
import { percentOf } from "../../model/file-words";
import { makePanel, signButton } from "../panel";
import { isBusy, whileBusy } from "../parts";
import { bar, nameOf, thumbnail } from "./parts";
import type { Place } from "./room";

/** Pixels of a small picture, twice over for fine screens. */
const PICTURE_PX = 128;

/** The panel. */
export class SendPanel {
  readonly #place: Place;
  readonly #dialog: HTMLDialogElement;
  readonly #list = make("ul", "files-list desk-panel__scroll");
  readonly #caption = make("textarea", "files-caption");
  readonly #said = make("p", "files-said");
  readonly #send: HTMLButtonElement;
  #staged: StagedFile[] = [];
  readonly #rows = new Map<string, Row>();

  constructor(place: Place) {
    this.#place = place;
    const { t } = place;
    this.#said.setAttribute("role", "status");
    this.#said.dataset["test"] = "files-said";
    this.#send = button(
      "files-send",
      "files-button files-button--main",
      t("send.send", { count: 1 }),
      () => void this.#go(),
    );
    const more = button("files-more", "files-button", t("send.more"), () => this.#try(place.files.choose()));
    const foot = make("footer", "files-foot");
    const caption = this.#caption;
    caption.rows = 1;
    caption.maxLength = 8_000;
    caption.dir = "auto";
    caption.placeholder = t("send.caption");
    caption.setAttribute("aria-label", t("send.caption"));
    caption.dataset["test"] = "files-caption";
    caption.addEventListener("input", () => this.#fit());
    caption.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      void this.#go();
    });
    const buttons = make("div", "files-buttons");
    buttons.append(more, this.#send);
    foot.append(caption, buttons);
    // What was chosen would be lost by a press beside it.
    this.#dialog = makePanel("files", "files", t("send.title"), t("send.close")).dialog;
    this.#dialog.append(this.#said, this.#list, foot);
    this.#dialog.addEventListener("close", () => this.#leave());
  }

  /** The news of how they stand may concern them. */
  look(): void {
    this.draw(this.#staged);
  }

  /** These wait, in this order. */
  draw(staged: StagedFile[]): void {
    this.#staged = staged;
    const seen = this.#place.sending.visible(staged);
    for (const [id, row] of this.#rows) {
      if (seen.some((file) => file.id === id)) continue;
      row.element.remove();
      this.#rows.delete(id);
    }
    for (const file of seen) {
      const row = this.#rows.get(file.id) ?? new Row(this.#place, file.id);
      this.#rows.set(file.id, row);
      row.draw(file);
      // What is moved in the page loses the focus.
      if (row.element.parentElement !== this.#list) this.#list.append(row.element);
    }
    const count = this.#ready().length;
    if (!isBusy(this.#send))
      this.#send.textContent = this.#place.t("send.send", { count: Math.max(count, 1) });
    this.#send.disabled = count === 0 || seen.some(({ ready, code }) => !ready && code === null);
    if (seen.length > 0 && !this.#dialog.open) this.#open();
    else if (seen.length === 0 && this.#dialog.open) this.#dialog.close();
  }

  #open(): void {
    this.#place.body.append(this.#dialog);
    this.#dialog.showModal();
    this.#caption.focus();
  }

  #ready(): string[] {
    const seen = this.#place.sending.visible(this.#staged);
    return seen.filter(({ ready, code }) => ready && code === null).map(({ id }) => id);
  }

  async #go(): Promise<void> {
    if (this.#send.disabled || isBusy(this.#send)) return;
    this.#said.textContent = "";
    const { sending, t } = this.#place;
    try {
      await whileBusy(
        this.#send,
        t("send.sending"),
        sending.sendStaged(this.#ready(), this.#caption.value.trim()),
      );
      this.#caption.value = "";
      this.#fit();
    } catch (reason) {
      this.#said.textContent = this.#place.sentence(reason);
    }
    this.look();
  }

  /** What was not sent goes. */
  #leave(): void {
    this.#dialog.remove();
    this.#said.textContent = "";
    for (const file of this.#place.sending.visible(this.#staged))
      this.#try(this.#place.files.unstage(file.id));
  }

  #try(task: Promise<unknown>): void {
    task.catch((reason: unknown) => (this.#said.textContent = this.#place.sentence(reason)));
  }

  #fit(): void {
    this.#caption.style.height = "auto";
    this.#caption.style.height = `${String(this.#caption.scrollHeight)}px`;
  }
}

/** One file. Its element stays, so that its buttons keep the focus and its picture is loaded once. */
class Row {
  readonly element = make("li", "files-row");
  readonly #place: Place;
  readonly #id: string;
  readonly #facts = make("span", "files-facts");
  readonly #bar = bar();
  readonly #details = make("label", "files-details");
  readonly #keep = make("input", "files-switch");
  #drawn = "";

  constructor(place: Place, id: string) {
    this.#place = place;
    this.#id = id;
    this.element.dataset["test"] = "files-row";
    this.#keep.type = "checkbox";
    this.#keep.dataset["test"] = "files-details";
    this.#keep.addEventListener("change", () => {
      const wanted = this.#keep.checked;
      place.files.setDetails(id, !wanted).catch((reason: unknown) => {
        // The person was asked, and said no.
        this.#keep.checked = !wanted;
        console.error(reason);
      });
    });
    this.#details.append(this.#keep, make("span", "", place.t("send.details")));
  }

  draw(file: StagedFile): void {
    const { t, files } = this.#place;
    const shape = `${file.name}/${file.kind}/${file.preview}/${String(file.ready)}`;
    if (shape !== this.#drawn) {
      this.#drawn = shape;
      const picture = file.ready && file.preview === "picture" ? files.preview(this.#id, PICTURE_PX) : null;
      const words = make("div", "files-words");
      words.append(nameOf(file.name), this.#facts, this.#bar, this.#details);
      const label = t("send.remove", { name: file.name });
      const remove = signButton("cancel", "files-remove", label, () => {
        files.unstage(this.#id).catch((reason: unknown) => console.error(reason));
      });
      this.element.replaceChildren(thumbnail(file.kind, picture), words, remove);
    }
    const isTaking = !file.ready && file.code === null;
    const percent = percentOf(file.taken, file.size);
    this.element.classList.toggle("files-row--bad", file.code !== null);
    this.#facts.textContent =
      file.code !== null
        ? file.sentence || t("problem.other")
        : [
            sizeText(t, file.size),
            ...(isTaking ? [t("send.taking", { percent })] : []),
            ...(file.details === "told" ? [t("send.details_told")] : []),
          ].join(" · ");
    this.#bar.hidden = !isTaking;
    this.#bar.value = percent;
    // What could not be taken out can be left in; what else is wrong cannot be helped here.
    const isWrong = file.code !== null && file.code !== "file_details";
    this.#details.hidden = file.details === null || file.details === "told" || isWrong;
    this.#keep.checked = file.details === "removed";
  }
}
