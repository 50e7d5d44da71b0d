// One file: its picture or its first words, and what can be done with it.
//
// What must always hold: nothing is opened but by the person's press, and whether it may be is Rust's decision; a page
// never learns where a file is.
import { button, make } from "../../consultant/elements";
import { sizeText } from "../../consultant/filetexts";
import type { FileView } from "../../generated/FileView";
import { percentOf } from "../../model/file-words";
import { closeFromBehind, makePanel } from "../panel";
import { isBusy, whileBusy } from "../parts";
import { bar, nameOf, thumbnail } from "./parts";
import type { Place } from "./room";

/** Pixels of the picture, twice over for fine screens. */
const PICTURE_PX = 1_024;

/** The panel. */
export class FilePanel {
  readonly #place: Place;
  readonly #key: string;
  readonly #dialog: HTMLDialogElement;
  readonly #facts = make("p", "files-facts");
  readonly #said = make("p", "files-said");
  readonly #bar = bar();
  readonly #look = make("div", "files-look");
  readonly #acts: HTMLButtonElement[] = [];
  #isLookedAt = false;
  #wasHere = false;

  constructor(place: Place, key: string) {
    this.#place = place;
    this.#key = key;
    const { t } = place;
    const file = this.#file();
    const words = file ? nameOf(file.name) : t("file.title");
    const { dialog, title } = makePanel("files files--one", "file", words, t("send.close"));
    this.#dialog = dialog;
    this.#said.setAttribute("role", "status");
    this.#said.dataset["test"] = "file-said";
    this.#look.dataset["test"] = "file-look";
    const buttons = make("div", "files-buttons");
    if (file) buttons.append(...this.#buttons(file));
    const foot = make("footer", "files-foot");
    foot.append(this.#facts, this.#bar, this.#said, buttons);
    dialog.append(this.#look, foot);
    dialog.addEventListener("close", () => dialog.remove());
    closeFromBehind(dialog);
    place.body.append(dialog);
    dialog.showModal();
    title.focus();
    if (file && !file.here && !file.transfer) this.#try(place.files.fetch(this.#file()?.key ?? key));
    this.draw();
  }

  close(): void {
    this.#dialog.close();
  }

  /** As it stands now. */
  draw(): void {
    if (!this.#dialog.open) return;
    const { t } = this.#place;
    const file = this.#file();
    if (!file) {
      this.#facts.textContent = t("file.gone");
      this.#bar.hidden = true;
      return;
    }
    const { transfer, opening } = file;
    const percent = transfer ? percentOf(transfer.done, transfer.total) : 0;
    const isLoading = !file.here && transfer?.up === false && transfer.state !== "failed";
    const facts = [sizeText(t, file.size)];
    if (isLoading) facts.push(t("file.loading", { percent }));
    if (!file.here && transfer?.state === "failed") facts.push(transfer.sentence ?? t("problem.other"));
    if (opening !== "plain") facts.push(t(`file.${opening}`));
    this.#facts.textContent = facts.join(" · ");
    this.#bar.hidden = !isLoading;
    this.#bar.value = percent;
    for (const one of this.#acts) one.disabled = !file.here;
    if (file.here && !this.#wasHere) this.#acts[0]?.focus();
    this.#wasHere = file.here;
    this.#lookAt(file);
  }

  /** Its name may have become another one since the link was made. */
  #file(): FileView | null {
    const { lines } = this.#place.session.mirror;
    const key = this.#key;
    const isIt = (one: (typeof lines.all)[number]): boolean =>
      one.file !== null && [one.file.key, one.uid, one.message_id].includes(key);
    return lines.all.findLast(isIt)?.file ?? null;
  }

  #buttons({ opening }: FileView): HTMLButtonElement[] {
    const { t, files } = this.#place;
    const name = (): string => this.#file()?.key ?? this.#key;
    const show = this.#act("file-show", "file.show", () => files.show(name()));
    show.hidden = true;
    const save = this.#act("file-save", "file.save", async () => {
      const saved = await files.save(name());
      if (!saved) return;
      this.#said.textContent = t("file.saved", { path: saved.path });
      show.hidden = false;
    });
    const open = this.#act("file-open", "file.open", () => files.open(name()));
    const main = opening === "plain" ? open : save;
    main.classList.add("files-button--main");
    const others =
      opening === "never" ? [show, save] : opening === "plain" ? [show, save, open] : [show, open, save];
    this.#acts.push(...others.filter((one) => one !== show).reverse());
    return others;
  }

  #act(
    name: string,
    words: "file.save" | "file.open" | "file.show",
    act: () => Promise<void>,
  ): HTMLButtonElement {
    const { t } = this.#place;
    const element = button(name, "files-button", t(words), () => {
      if (isBusy(element)) return;
      this.#said.textContent = "";
      this.#try(whileBusy(element, t(words), act()));
    });
    return element;
  }

  #lookAt(file: FileView): void {
    if (this.#isLookedAt || (!file.here && file.preview !== "none")) return;
    this.#isLookedAt = true;
    const { files, t } = this.#place;
    if (file.preview === "picture") {
      const picture = make("img", "files-look__picture");
      picture.alt = t("file.picture", { name: file.name });
      picture.addEventListener("error", () => this.#look.replaceChildren(thumbnail(file.kind, null)));
      picture.src = files.preview(file.key, PICTURE_PX);
      this.#look.replaceChildren(picture);
    } else if (file.preview === "words") this.#try(this.#words(file));
    else this.#look.replaceChildren(thumbnail(file.kind, null));
  }

  async #words({ key }: FileView): Promise<void> {
    const { text, more } = await this.#place.files.words(key);
    const words = make("pre", "files-look__words", text);
    words.dir = "auto";
    words.tabIndex = 0;
    this.#look.replaceChildren(words);
    if (more) this.#look.append(make("p", "files-facts", this.#place.t("file.words_more")));
  }

  #try(task: Promise<unknown>): void {
    task.catch((reason: unknown) => (this.#said.textContent = this.#place.sentence(reason)));
  }
}
