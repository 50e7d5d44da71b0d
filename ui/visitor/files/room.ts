// The place of files in a page: what waits to be sent, what is on its way, one file looked at, and where to drop more.
import "./files.css";
import type { FilesBackend } from "../../backend/backend";
import { make } from "../../consultant/elements";
import { fileTexts, type FileText } from "../../consultant/filetexts";
import type { Runtime } from "../../consultant/runtime";
import type { Sending } from "../../consultant/sending";
import type { Session } from "../../consultant/session";
import type { Locale } from "../../generated/Locale";
import type { Translate } from "../../model/locale";
import { asProblem } from "../../model/problem";
import { FilePanel } from "./file-panel";
import type { Room } from "./room-shape";
import { SendPanel } from "./send-panel";
import { Ways } from "./ways";

/** What the parts of the room share. */
export interface Place {
  body: HTMLElement;
  session: Session;
  sending: Sending;
  files: FilesBackend<[]>;
  t: Translate<FileText>;
  locale: Locale;
  /** The words of what went wrong. */
  sentence(reason: unknown): string;
}

/** Opens the room. */
export async function openRoom(body: HTMLElement, files: FilesBackend<[]>, runtime: Runtime): Promise<Room> {
  const { session, locale } = runtime;
  const sending = await session.files.load();
  const t = fileTexts(locale);
  const sentence = (reason: unknown): string => asProblem(reason).message || t("problem.other");
  const place: Place = { body, session, sending, files, t, locale, sentence };
  const panel = new SendPanel(place);
  const ways = new Ways(place);
  const over = make("div", "files-over");
  over.dataset["test"] = "files-over";
  over.setAttribute("role", "status");
  let shown: FilePanel | null = null;
  return {
    stage: (staged) => panel.draw(staged),
    drag(isOver) {
      const isOff = !session.files.bounds.enabled;
      over.textContent = t(isOff ? "send.drop_off" : "send.drop");
      over.classList.toggle("files-over--off", isOff);
      if (!isOver) over.remove();
      // In the topmost dialog, where one is open: nothing else is above it.
      else (body.querySelector("dialog[open].files") ?? body).append(over);
    },
    show(key) {
      shown?.close();
      shown = new FilePanel(place, key);
    },
    look() {
      panel.look();
      ways.draw();
      shown?.draw();
    },
  };
}
