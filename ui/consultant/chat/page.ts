// For the tests of `consultant_chat`: a page whose only controller makes the chat and listens to everything.
import { afterEach, beforeEach, vi } from "vitest";
import { MemoryVisitor, memoryBoot, memoryLine, memoryOperator, memoryPresent } from "../../backend/memory";
import type { MemoryBoot } from "../../backend/memory";
import type { Message } from "../../generated/Message";
import type { Present } from "../../generated/Present";
import type { PackWindow } from "../global";
import type { ChatMessage } from "../message";
import { bootRuntime, type Runtime } from "../runtime";
import type { Widget } from "../widget";

/** The methods of §4. */
export interface Chat extends Widget {
  startChat(): void;
  closeChat(done?: unknown): void;
  sendChatByMail(mail?: unknown): void;
  sendChatMessage(text: unknown, groupId?: unknown): ChatMessage;
  setOperatorRating(mark?: unknown): void;
  hasHistory(): boolean;
  getHistory(): ChatMessage[] | false;
  getState(): string;
  isChatAvailable(): boolean;
  chatTyping(text: unknown): void;
  getOperatorVcard(): { name: string; position: string; avatar: string } | null;
  getVisitorCard(): { name: string; email: string[]; phone: string[] };
  setVisitorCard(card?: unknown, done?: unknown): void;
  getRequiredInfo(): string[];
  inviteAccept(): void;
  inviteReject(): void;
  sendFile(input?: unknown, groupId?: unknown): ChatMessage;
  controlFile(uid?: unknown, deed?: unknown): void;
  isReadyForFileTransfer(): boolean;
  getUnreadCounter(): number;
  clearUnreadCounter(): void;
  printCurrentChat(): void;
}

/** The events of §5, and ours. */
export const EVENTS = [
  "sendmessage",
  "statechange",
  "chatavailabilitychange",
  "chattyping",
  "showhistory",
  "showchatretentionaction",
  "messagestatus",
  "operatorjoined",
  "operatorleave",
  "invite",
  "inviteaccept",
  "invitereject",
  "startchat",
  "closechat",
  "setrating",
  "ratingchange",
  "sendchatbymail",
  "connectionchange",
  "error",
  "messageviewed",
  "fileprogress",
  "historyavailable",
  "historyreset",
];

export const ANNA = memoryOperator("Anna", "Support");
export const OFFLINE = { phase: "offline", since: 0, code: null, sentence: null } as const;
export const ONLINE = { phase: "online", since: 0, code: null, sentence: null } as const;

/** The page of the running test. */
export const stage = {} as {
  desk: MemoryVisitor;
  chat: Chat;
  events: [string, unknown][];
  runtime: Runtime;
  target: PackWindow;
  /** What the desk said last of how things stand. */
  present: Present;
};

export interface PageOptions {
  boot?: MemoryBoot;
  archive?: Message[];
  /** Runs in the controller, after the chat was made. */
  inController?: () => void;
  heard?: string[];
  settings?: unknown;
  /** Other controllers, by name. */
  controllers?: Record<string, () => void>;
}

/** Opens it. */
export async function page(options: PageOptions = {}): Promise<Runtime> {
  const { boot = {}, archive = [], inController, heard = EVENTS, settings = {}, controllers = {} } = options;
  const desk = (stage.desk = new MemoryVisitor(memoryBoot(boot), archive));
  const target: PackWindow = (stage.target = {});
  const runtime = (stage.runtime = await bootRuntime(desk, target));
  stage.events = [];
  stage.present = memoryPresent(boot.present);
  target.CallGear?.UI.registerViewController("consultant", () => {
    const chat = target.CallGear?.UI.createWidget("consultant_chat", { template: "<div></div>" }) as Chat;
    stage.chat = chat;
    for (const event of heard) {
      chat.on(event, (payload: unknown) => void stage.events.push([event, payload]));
    }
    inController?.();
  });
  for (const [name, controller] of Object.entries(controllers)) {
    target.CallGear?.UI.registerViewController(name, controller);
  }
  runtime.start({ settings, templates: {} });
  await Promise.resolve();
  return runtime;
}

/** The desk says how things stand: as before, but for these. */
export function stands(fields: Partial<Present>): void {
  stage.present = { ...stage.present, ...fields };
  stage.desk.push({ type: "present", present: stage.present });
}

/** Payloads of an event, oldest first. */
export function named(name: string): unknown[] {
  return stage.events.filter(([event]) => event === name).map(([, payload]) => payload);
}

/** Names of the events, oldest first. */
export function names(): string[] {
  return stage.events.map(([event]) => event);
}

/** Operators' lines of these places. */
export function lines(from: number, to: number): Message[] {
  const numbers = Array.from({ length: to - from + 1 }, (_, at) => from + at);
  return numbers.map((seq) =>
    memoryLine({ seq, text: `line ${String(seq)}`, message_id: `m-${String(seq)}`, operator: ANNA }),
  );
}

/** What they say. */
export function texts(messages: unknown): string[] {
  return messages ? (messages as ChatMessage[]).map((message) => message.text) : [];
}

/** The wishes that the desk was told, without the names that the page made. */
export function wishes(): unknown[] {
  return stage.desk.wishes.map(({ wish }) => wish);
}

/** Runs each test on a clock of its own, with a quiet console. */
export function everyTest(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    document.body.replaceChildren();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
}
