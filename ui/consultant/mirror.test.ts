// The mirror: getters never disagree with the events already delivered. Random operations of a controller and random
// updates of a desk, against a model that is made of the events alone.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  MemoryVisitor,
  memoryBoot,
  memoryChange,
  memoryForm,
  memoryInvite,
  memoryLine,
  memoryOperator,
  memoryPresent,
} from "../backend/memory";
import type { Present } from "../generated/Present";
import type { Verb } from "../generated/Verb";
import type { VisitorUpdate } from "../generated/VisitorUpdate";
import { EVENTS, type Chat } from "./chat/page";
import type { PackWindow } from "./global";
import { publicStatus, type ChatMessage } from "./message";
import { bootRuntime } from "./runtime";
import type { Session } from "./session";

const STEPS = 10_000;
const SEEDS = [1, 20, 777];
const VERBS: Partial<Record<string, Verb>> = {
  start_chat: "startchat",
  close_chat: "closechat",
  invite_accept: "inviteaccept",
  invite_reject: "invitereject",
  rate: "setrating",
  card: "setcard",
  transcript: "sendchatbymail",
};
const ANSWERS = ["startchat", "closechat", "inviteaccept", "invitereject", "setrating", "sendchatbymail"];

type Pick = (below: number) => number;

/** Small and repeatable (mulberry32). */
function random(seed: number): Pick {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** What whoever has heard all events knows, and nothing else. */
class Model {
  state = "available";
  available = true;
  online = true;
  operator: string | null = null;
  rating: number | null | undefined = undefined;
  invites = 0;
  readonly statuses = new Map<string, string>();
  readonly lines = new Set<string>();
  /** Answers heard less calls made, by event. */
  readonly owed = new Map<string, number>();

  hear(event: string, payload: unknown): void {
    if (ANSWERS.includes(event)) this.owed.set(event, (this.owed.get(event) ?? 0) - 1);
    switch (event) {
      case "statechange":
        expect(payload, "a state is told when it differs").not.toBe(this.state);
        this.state = payload as string;
        return;
      case "chatavailabilitychange":
        expect(payload).not.toBe(this.available);
        this.available = payload as boolean;
        return;
      case "connectionchange":
        this.online = (payload as { online: boolean }).online;
        return;
      case "operatorjoined":
      case "operatorleave":
        this.operator = (payload as { name: string | null }).name;
        return;
      case "ratingchange":
        this.rating = payload as number | null;
        return;
      case "invite":
        expect(this.state, "an invitation is told in its state").toBe("invite");
        this.invites += 1;
        return;
      case "messagestatus": {
        const { uid, status } = payload as { uid: string; status: string };
        this.statuses.set(uid, status);
        return;
      }
      case "sendmessage":
        return this.line(payload as ChatMessage);
      case "showhistory":
        return (payload as ChatMessage[]).forEach((message) => this.line(message));
    }
  }

  called(event: string): void {
    this.owed.set(event, (this.owed.get(event) ?? 0) + 1);
  }

  line({ uid }: ChatMessage): void {
    expect(this.lines.has(uid), `${uid} twice`).toBe(false);
    this.lines.add(uid);
  }
}

/** A desk that says anything at any time. */
class AnyDesk {
  seq = 0;
  present: Present = memoryPresent();
  readonly own: string[] = [];
  readonly #memory: MemoryVisitor;
  readonly #pick: Pick;
  #answered = 0;

  constructor(memory: MemoryVisitor, pick: Pick) {
    this.#memory = memory;
    this.#pick = pick;
  }

  update(): VisitorUpdate | null {
    const pick = this.#pick;
    switch (pick(12)) {
      case 0:
      case 1:
        return { type: "present", present: (this.present = this.#anyPresent()) };
      case 2: {
        const phase = pick(2) === 0 ? "online" : "offline";
        return { type: "connection", connection: { phase, since: 0, code: null, sentence: null } };
      }
      case 3: {
        // A repetition now and then: what is known already must not be told again.
        const line = pick(5) === 0 ? { seq: 1 + pick(this.seq + 1), message_id: "m-1" } : this.#place();
        this.seq = Math.max(this.seq, line.seq);
        return { type: "message", message: memoryLine(line), unread: 1 };
      }
      case 4:
        return {
          type: "missed",
          messages: [memoryLine(this.#place()), memoryLine(this.#place())],
          unread: 2,
        };
      case 5:
        return {
          type: "receipts",
          receipts: { delivered: pick(this.seq + 1), read: pick(this.seq + 1) },
        };
      case 6:
        return this.status();
      default:
        return this.answer();
    }
  }

  /** What became of the oldest message that nothing is known of; now and then it is told twice. */
  status(): VisitorUpdate {
    const uid = (this.#pick(5) === 0 ? this.own[0] : this.own.shift()) ?? "none";
    const fields = this.#pick(4) === 0 ? { status: "failed" as const, code: "rate" } : this.#place();
    return { type: "status", change: memoryChange(uid, fields) };
  }

  /** The answer to the oldest wish that has none. */
  answer(): VisitorUpdate | null {
    const asked = this.#memory.wishes[this.#answered];
    if (!asked) return null;
    this.#answered += 1;
    const verb = VERBS[asked.wish.type] ?? "consent";
    const success = this.#pick(3) > 0;
    const answer = { verb, uid: asked.uid, success, code: success ? null : "rate", message: null };
    return { type: "answer", answer };
  }

  #anyPresent(): Present {
    const pick = this.#pick;
    const state = (["available", "invite", "chat", "lead"] as const)[pick(4)] ?? "available";
    const message_id = `invite-${String(pick(5))}`;
    return memoryPresent({
      state,
      online: pick(2) === 0,
      groups_online: pick(2) === 0 ? [1] : [],
      group: state === "chat" && pick(3) === 0 ? 1 : null,
      operator: state === "chat" && pick(2) === 0 ? memoryOperator(`operator-${String(pick(3))}`) : null,
      invite: state === "invite" ? memoryInvite("Hello", { message_id, key: message_id }) : null,
      lead: state === "lead" ? "call_generator" : null,
      rating:
        pick(3) === 0 ? null : { chat_id: `chat-${String(pick(2))}`, mark: pick(2) ? pick(5) + 1 : null },
    });
  }

  #place(): { seq: number; message_id: string } {
    this.seq += 1;
    return { seq: this.seq, message_id: `m-${String(this.seq)}` };
  }
}

/** What a controller may do; the answers that it is owed are noted. */
function operations(chat: Chat, model: Model, desk: AnyDesk, pick: Pick): (() => void)[] {
  const owing = (event: string, act: () => void) => () => {
    model.called(event);
    act();
  };
  return [
    owing("startchat", () => chat.startChat()),
    owing("closechat", () => chat.closeChat(() => expect(chat.getState()).not.toBe("chat"))),
    owing("inviteaccept", () => chat.inviteAccept()),
    owing("invitereject", () => chat.inviteReject()),
    owing("setrating", () => chat.setOperatorRating(pick(8))),
    owing("sendchatbymail", () => chat.sendChatByMail(pick(2) ? "me@example.test" : 7)),
    () => {
      const { uid, status } = chat.sendChatMessage(pick(6) === 0 ? "" : "words", pick(6) === 0 ? 9 : null);
      if (status === "queued") desk.own.push(uid);
    },
    () => chat.setVisitorCard({ name: `name ${String(pick(9))}` }),
    () => chat.clearUnreadCounter(),
  ];
}

/** `closeChat`'s effect is shown by others' words at once: its callback is checked where nothing came between. */
function agrees(chat: Chat, session: Session, model: Model, seed: number): void {
  const { online } = session.mirror;
  const rating = session.mirror.present.rating;
  expect(
    {
      state: chat.getState(),
      available: chat.isChatAvailable(),
      online,
      operator: chat.getOperatorVcard()?.name ?? null,
    },
    `seed ${String(seed)}`,
  ).toEqual({
    state: model.state,
    available: model.available,
    online: model.online,
    operator: model.operator,
  });
  if (rating) expect(rating.mark, `seed ${String(seed)}`).toBe(model.rating);
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test.each(SEEDS)("getters never disagree with the events already delivered (seed %i)", async (seed) => {
  const pick = random(seed);
  const memory = new MemoryVisitor(memoryBoot({ form: memoryForm() }));
  const desk = new AnyDesk(memory, pick);
  const target: PackWindow = {};
  const { session, start } = await bootRuntime(memory, target);
  const model = new Model();
  let chat = {} as Chat;
  target.CallGear?.UI.registerViewController("consultant", () => {
    chat = target.CallGear?.UI.createWidget("consultant_chat", { template: "<div></div>" }) as Chat;
    for (const event of EVENTS) chat.on(event, (payload: unknown) => model.hear(event, payload));
  });
  target.CallGear?.UI.registerViewController("call_generator", () => undefined);
  start({ settings: {}, templates: {} });
  const verbs = operations(chat, model, desk, pick);

  for (let step = 0; step < STEPS; step += 1) {
    if (pick(4) === 0) {
      verbs[pick(verbs.length)]?.();
      if (pick(2) === 0) await Promise.resolve();
    } else {
      const update = desk.update();
      if (!update) continue;
      memory.push(update);
      agrees(chat, session, model, seed);
    }
    if (pick(20) === 0) vi.advanceTimersByTime(pick(2) ? 4000 : 20_000);
  }
  for (let answer = desk.answer(); answer; answer = desk.answer()) memory.push(answer);
  vi.runOnlyPendingTimers();
  await Promise.resolve();
  agrees(chat, session, model, seed);

  expect(model.invites).toBeGreaterThan(10);
  expect(Object.fromEntries(model.owed), "exactly one answer for each call").toEqual(
    Object.fromEntries(ANSWERS.map((event) => [event, 0])),
  );
  for (const line of session.mirror.lines.all) {
    if (line.uid) expect(model.statuses.get(line.uid)).toBe(publicStatus(session.mirror.statusOf(line)));
  }
  const seqs = session.mirror.lines.all.flatMap((line) => line.seq ?? []);
  expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
});
