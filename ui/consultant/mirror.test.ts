// Getters never disagree with the events already delivered: random operations and pushed updates against a listener.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { MemoryVisitor, memoryBoot, memoryChange, memoryLine, memoryOperator } from "../backend/memory";
import type { VisitorUpdate } from "../generated/VisitorUpdate";
import { publicStatus, type ChatMessage } from "./message";
import { Session } from "./session";
import { visitorTexts } from "./texts";

const STEPS = 10_000;
const SEEDS = [1, 20, 777];

/** Small and repeatable (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
});

afterEach(() => {
  vi.useRealTimers();
});

test.each(SEEDS)("getters never disagree with the events already delivered (seed %i)", async (seed) => {
  const pick = random(seed);
  const desk = new MemoryVisitor(memoryBoot());
  const boot = await desk.boot((update) => session.receive(update));
  const session = new Session(desk, boot, visitorTexts("en"));
  const { mirror } = session;
  const told = { state: "available", available: true, online: true, operator: null as string | null };
  const statuses = new Map<string, string>();
  const keys = new Set<string>();
  const own: string[] = [];
  let sequence = 0;

  const agree = (): void => {
    const { state, available, online } = mirror;
    const operator = mirror.operator?.name ?? null;
    expect({ state, available, online, operator }, `seed ${String(seed)}`).toEqual(told);
  };
  session.teller.join({
    tell(event, payload) {
      const value = payload?.();
      if (event === "statechange") told.state = value as string;
      if (event === "chatavailabilitychange") told.available = value as boolean;
      if (event === "connectionchange") told.online = (value as { online: boolean }).online;
      if (event === "operatorjoined" || event === "operatorleave")
        told.operator = (value as { name: string | null }).name;
      if (event === "messagestatus") {
        const { uid, status } = value as { uid: string; status: string };
        statuses.set(uid, status);
      }
      if (event === "statechange") expect(mirror.state).toBe(told.state);
    },
    history: (lines) => lines.forEach((line) => once(session.teller.toMessage(line))),
    restarted: () => undefined,
    line: (line) => once(session.teller.toMessage(line)),
    own: () => undefined,
  });
  const once = (message: ChatMessage): void => {
    expect(keys.has(message.uid), `${message.uid} twice`).toBe(false);
    keys.add(message.uid);
  };
  session.start();

  const place = (): { seq: number; message_id: string } => {
    sequence += 1;
    return { seq: sequence, message_id: `m-${String(sequence)}` };
  };
  const updates: (() => VisitorUpdate)[] = [
    () => ({ type: "state", chatting: pick(2) === 0 }),
    () => ({ type: "availability", available: pick(2) === 0 }),
    () => ({
      type: "operator",
      operator: pick(3) === 0 ? null : memoryOperator(`operator-${String(pick(3))}`),
    }),
    () => ({
      type: "connection",
      connection: { phase: pick(2) === 0 ? "online" : "offline", since: 0, code: null, sentence: null },
    }),
    // A repetition now and then: what is known already must not be told again.
    () => ({
      type: "message",
      message: memoryLine(pick(5) === 0 ? { seq: 1 + pick(sequence + 1), message_id: "m-1" } : place()),
      unread: 1,
    }),
    () => ({ type: "missed", messages: [memoryLine(place()), memoryLine(place())], unread: 2 }),
    () => ({ type: "receipts", receipts: { delivered: pick(sequence + 1), read: pick(sequence + 1) } }),
    () => ({
      type: "status",
      change: memoryChange(
        own[pick(own.length)] ?? "none",
        pick(4) === 0 ? { status: "failed", code: "rate" } : place(),
      ),
    }),
    () => ({
      type: "answer",
      answer: {
        verb: pick(2) === 0 ? "startchat" : "closechat",
        success: pick(3) > 0,
        code: null,
        message: null,
      },
    }),
  ];
  const verbs = [
    (): void => session.startChat(),
    (): void => session.closeChat(() => undefined),
    (): void => void own.push(session.send("words").uid),
    (): void => session.seen(),
  ];

  for (let step = 0; step < STEPS; step += 1) {
    if (pick(4) === 0) {
      verbs[pick(verbs.length)]?.();
      if (pick(2) === 0) await Promise.resolve();
    } else {
      const update = updates[pick(updates.length)]?.();
      // The sequence of a repetition may be one that is not there yet: then it is simply a line.
      if (update?.type === "message") sequence = Math.max(sequence, update.message.seq ?? 0);
      if (update) desk.push(update);
      agree();
    }
    if (pick(20) === 0) vi.advanceTimersByTime(4000);
  }
  vi.runOnlyPendingTimers();
  await Promise.resolve();
  agree();
  for (const line of mirror.lines.all) {
    if (line.uid) expect(statuses.get(line.uid)).toBe(publicStatus(mirror.statusOf(line)));
  }
  const seqs = mirror.lines.all.flatMap((line) => line.seq ?? []);
  expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
});
