// A conversation with files in every state, for looking at them: received and not fetched, on their way, paused, failed,
// long names and names that run from right to left; and what is chosen and not sent.
import type { Conversation } from "../generated/Conversation";
import type { FileView } from "../generated/FileView";
import type { Locale } from "../generated/Locale";
import type { Message } from "../generated/Message";
import type { Operator } from "../generated/Operator";
import type { OperatorUpdate } from "../generated/OperatorUpdate";
import type { StagedFile } from "../generated/StagedFile";
import { memoryFile, memoryStaged, memoryTransfer } from "./memory-files";
import { emptyConversation, ownMessage } from "./memory-operator";

const MINUTE = 60_000;
const MB = 1024 * 1024;
const LONG =
  "Quarterly report with every table of every shop in the whole of the north, final version 7 (signed).pdf";

/** Files in all their states. */
export function filed(visitor: string, now: number, me: Operator, locale: Locale): Conversation {
  const say = (en: string, ru: string) => (locale === "ru" ? ru : en);
  let seq = 0;
  const line = (file: Partial<FileView>, mine: boolean, more: Partial<Message> = {}): Message => {
    const sent = more.status === undefined || more.status === "sent";
    if (sent) seq += 1;
    const key = sent ? `f${String(seq)}` : `up-${file.name ?? ""}`;
    return {
      ...ownMessage(key, "", now - (30 - seq) * MINUTE),
      uid: mine ? key : null,
      message_id: sent ? key : null,
      sender: mine ? "operator" : "visitor",
      mine,
      operator: mine ? me : null,
      seq: sent ? seq : null,
      chat_id: seq > 4 ? "chat-2" : "chat-1",
      status: "sent",
      file: memoryFile({ key, ...file }),
      ...more,
    };
  };
  const up = (fields: Parameters<typeof memoryTransfer>[0]) => memoryTransfer({ total: 18 * MB, ...fields });
  const queued = { status: "queued" } as const;
  const sentence = say("The desk takes no files of this type.", "Сервер не принимает файлы этого типа.");
  const messages = [
    line({ name: "IMG_2041.jpg", size: 2.4 * MB }, false, {
      text: say("This is what came out of the box.", "Вот что было в коробке."),
    }),
    line({ name: "lamp-manual.pdf", size: 940_000, here: false }, false),
    line({ name: "setup_helper.exe", size: 4.1 * MB }, false),
    line({ name: say("Order 4415.docx", "Заказ 4415.docx"), size: 31_000 }, false),
    line({ name: LONG, size: 8.8 * MB }, true, { text: say("The whole report.", "Весь отчёт целиком.") }),
    line({ name: "تقرير المبيعات السنوي للفروع الشمالية.pdf", size: 1.1 * MB }, false),
    line({ name: "notes.txt", size: 1_480 }, false),
    line({ name: "voice-message.ogg", size: 240_000, here: false }, false),
    line(
      {
        name: "shelf.png",
        size: 6 * MB,
        here: false,
        transfer: memoryTransfer({ up: false, done: 2.2 * MB, total: 6 * MB, speed: 900_000, left_s: 4 }),
      },
      false,
    ),
    line(
      {
        name: "broken.zip",
        size: 6 * MB,
        here: false,
        transfer: memoryTransfer({
          up: false,
          state: "failed",
          total: 6 * MB,
          code: "file_lost",
          sentence: say("The desk does not have this file any more.", "На сервере этого файла больше нет."),
        }),
      },
      false,
    ),
    line(
      { name: "assembly.mp4", size: 18 * MB, transfer: up({ done: 7.3 * MB, speed: 1.2 * MB, left_s: 9 }) },
      true,
      queued,
    ),
    line({ name: "room.jpg", size: 18 * MB, transfer: up({ state: "paused", done: 5 * MB }) }, true, queued),
    line({ name: "prices.xlsx", size: 18 * MB, transfer: up({ state: "waiting" }) }, true, queued),
    line(
      { name: "tool.bin", size: 18 * MB, transfer: up({ state: "failed", code: "file_type", sentence }) },
      true,
      { status: "failed", code: "file_type" },
    ),
  ];
  return { ...emptyConversation(visitor), receipts: { delivered: seq, read: seq }, messages };
}

/** Ten chosen files: ready ones, one that is taken in, one that cannot be sent. */
export function tenStaged(visitor: string, locale: Locale): OperatorUpdate {
  const say = (en: string, ru: string) => (locale === "ru" ? ru : en);
  const file = (at: number, fields: Partial<StagedFile>) => memoryStaged({ id: `s${String(at)}`, ...fields });
  const files = [
    file(1, { name: "IMG_2042.jpg", size: 3.1 * MB, details: "removed" }),
    file(2, { name: "IMG_2043.jpg", size: 2.9 * MB, details: "kept" }),
    file(3, { name: LONG, size: 8.8 * MB }),
    file(4, { name: "video.mp4", size: 24 * MB, taken: 15 * MB, ready: false }),
    file(5, {
      name: "installer.exe",
      size: 9 * MB,
      ready: false,
      code: "file_type",
      sentence: say(
        "This site takes no files of this type: .exe",
        "На этом сайте не принимают файлы этого типа: .exe",
      ),
    }),
    file(6, { name: "تقرير المبيعات السنوي للفروع الشمالية.pdf", size: 400_000, details: "told" }),
    file(7, { name: "a.txt", size: 12 }),
    file(8, { name: "prices.xlsx", size: 77_000 }),
    file(9, { name: "W".repeat(180) + ".png", size: 600_000 }),
    file(10, { name: "archive.zip", size: 5.5 * MB }),
  ];
  return { type: "staged", visitor, files };
}
