// What the panels of files are made of.
import { make } from "../../consultant/elements";
import { sizeText } from "../../consultant/filetexts";
import type { FileKind } from "../../generated/FileKind";
import type { Transfer } from "../../generated/Transfer";
import { leftOf, partName, percentOf } from "../../model/file-words";
import type { Place } from "./room";

const SHEET = "M6 3h8l4 4v14H6zM14 3v4h4";
const SHAPES: Record<FileKind, string> = {
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9v.1",
  pdf: `${SHEET}M9 12h6M9 15.500h6`,
  text: `${SHEET}M9 11h6M9 14h6M9 17h3`,
  audio: "M9 18V6l10-2v12M9 18a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0M19 16a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0",
  video: "M4 6h11v12H4zM15 10l5-3v10l-5-3z",
  document: `${SHEET}M9 12h6M9 15.500h4`,
  archive: `${SHEET}M11 4v2M12 7v2M11 10v2M12 13v3`,
  other: SHEET,
};

/** A file's sign, and its picture over it where there is one. */
export function thumbnail(kind: FileKind, picture: string | null): HTMLElement {
  const element = make("span", "files-thumb");
  element.setAttribute("aria-hidden", "true");
  element.innerHTML = `<svg viewBox="0 0 24 24" width="24" height="24"><path d="${SHAPES[kind]}" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round" stroke-linecap="round"/></svg>`;
  if (picture) {
    const image = make("img", "files-thumb__picture");
    image.alt = "";
    image.addEventListener("error", () => image.classList.add("files-thumb__picture--none"));
    image.addEventListener("load", () => image.classList.remove("files-thumb__picture--none"));
    image.src = picture;
    element.append(image);
  }
  return element;
}

/** A name whose end is seen whatever is cut. */
export function nameOf(name: string): HTMLElement {
  const element = make("span", "files-name");
  const { start, end } = partName(name);
  element.title = name;
  element.append(make("bdi", "files-name__start", start), make("bdi", "files-name__end", end));
  return element;
}

/** How far a transfer is, how fast and how long it may take. */
export function wayWords({ t }: Place, transfer: Transfer): string {
  const { state, up, done, total, speed, left_s, sentence } = transfer;
  if (state === "failed") return sentence ?? t("problem.other");
  const words = [t("way.percent", { percent: percentOf(done, total) })];
  if (state === "paused") words.unshift(t("way.paused"));
  // All of it may be there, and its message still wait for those before it.
  if (state === "waiting" || (state === "running" && up && done >= total)) words.unshift(t("way.waiting"));
  if (state === "running" && speed !== null) words.push(t("way.speed", { size: sizeText(t, speed) }));
  if (state === "running" && left_s !== null) {
    const { unit, count } = leftOf(left_s);
    words.push(t(`left.${unit}`, { count }));
  }
  return words.join(" · ");
}

/** A bar for a share of a whole. */
export function bar(): HTMLProgressElement {
  const element = make("progress", "files-bar");
  element.max = 100;
  return element;
}
