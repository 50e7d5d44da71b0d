// Scenes for looking at the visitor's page in a plain browser: `/visitor/?memory&scene=chat&lang=ru&theme=dark`.
import type { VisitorBackend } from "../backend/backend";
import { MemoryVisitor, memoryBoot, memoryChange, memoryLine, memoryOperator } from "../backend/memory";
import type { Message } from "../generated/Message";
import type { VisitorBoot } from "../generated/VisitorBoot";

const MINUTE = 60_000;
const ANNA = memoryOperator("Anna Petrova", "Customer care");
const LONG_NAME = memoryOperator(
  "Maximiliane-Alexandra von Hohenstein-Wittgenburg zu Allgäu-Nord",
  "Second line",
);

type Scene = Partial<VisitorBoot> & { archive?: Message[] };

class Script {
  readonly lines: Message[] = [];
  #clock: number;
  #seq: number;

  constructor(minutesAgo: number, seq = 0) {
    this.#clock = Date.now() - minutesAgo * MINUTE;
    this.#seq = seq;
  }

  add(fields: Partial<Message>, minutes = 0): this {
    this.#clock += minutes * MINUTE;
    this.#seq += 1;
    const message_id = `m-${String(this.#seq).padStart(8, "0")}`;
    this.lines.push(memoryLine({ seq: this.#seq, message_id, date: this.#clock, chat_id: "c", ...fields }));
    return this;
  }

  own(text: string, minutes = 0): this {
    const uid = `own-${String(this.#seq)}`;
    return this.add({ text, sender: "visitor", mine: true, uid, key: uid }, minutes);
  }

  theirs(text: string, minutes = 0, operator = ANNA): this {
    return this.add({ text, sender: "operator", operator }, minutes);
  }

  event(kind: Message["kind"], fields: Partial<Message> = {}, minutes = 0): this {
    return this.add({ kind, sender: "system", ...fields }, minutes);
  }

  waiting(text: string, status: Message["status"], code: string | null = null): this {
    const uid = `waiting-${String(this.lines.length)}`;
    const fields = {
      uid,
      key: uid,
      text,
      status,
      code,
      sender: "visitor",
      mine: true,
      date: Date.now(),
    } as const;
    this.lines.push(memoryLine(fields));
    return this;
  }
}

function conversation(): Script {
  return new Script(1500)
    .event("opened")
    .own("Hello, my parcel shows “delivered”, but nothing is here.")
    .event("joined", { operator: ANNA }, 1)
    .theirs("Hello! I am sorry to hear that. May I have the order number?")
    .own("Of course: 4471-20", 2)
    .theirs("Thank you. One moment, please, I am looking at it.", 1)
    .event("closed", { reason: "closed_by_timeout" }, 60)
    .event("opened", {}, 1425)
    .own("Hello again, any news about 4471-20?")
    .event("joined", { operator: ANNA }, 1)
    .theirs("Hello! Yes: the driver left it with your neighbour at number 12.", 1)
    .theirs("Could you ask there, please?")
    .own("Oh, wonderful.", 2)
    .own("I will go and look right away")
    .own("Thank you!");
}

function hundred(): Script {
  const script = new Script(3000);
  for (let at = 0; at < 50; at += 1) {
    script
      .own(`Question ${String(at + 1)}: what about this one?`, 20)
      .theirs(`Answer ${String(at + 1)}, of course.`, 3);
  }
  return script;
}

const SCENES: Record<string, () => Scene> = {
  empty: () => ({}),
  away: () => ({ available: false }),
  waiting: () => ({ chatting: true, messages: new Script(1).event("opened").own("Hello?").lines }),
  chat: () => {
    const { lines } = conversation();
    return { chatting: true, operator: ANNA, messages: lines, receipts: { delivered: 14, read: 13 } };
  },
  hundred: () => {
    const { lines } = hundred();
    return {
      chatting: true,
      operator: ANNA,
      archive: lines.slice(0, -20),
      messages: lines.slice(-20),
      more: true,
      receipts: { delivered: 100, read: 100 },
    };
  },
  name: () => ({
    chatting: true,
    operator: LONG_NAME,
    messages: new Script(5).event("joined", { operator: LONG_NAME }).theirs("Good afternoon.", 0, LONG_NAME)
      .lines,
  }),
  word: () => ({
    chatting: true,
    operator: ANNA,
    messages: new Script(5).theirs("w".repeat(2000)).own("W".repeat(300), 1).lines,
    receipts: { delivered: 2, read: 2 },
  }),
  rtl: () => ({
    chatting: true,
    operator: memoryOperator("ليلى حداد", "خدمة العملاء"),
    messages: new Script(5)
      .own("שלום, איפה ההזמנה שלי? Order 4471")
      .theirs("مرحبا! سأتحقق من ذلك الآن، شكرا لانتظارك.", 1, memoryOperator("ليلى حداد"))
      .own("<b>not bold</b> & ‮reversed", 1).lines,
    receipts: { delivered: 3, read: 1 },
  }),
  offline: () => ({
    chatting: true,
    available: false,
    connection: { phase: "offline", since: Date.now(), code: "unreachable", sentence: null },
    messages: conversation().waiting("Are you still there?", "queued").waiting("I found it!", "queued").lines,
    receipts: { delivered: 15, read: 15 },
  }),
  failed: () => ({
    chatting: true,
    operator: ANNA,
    messages: conversation()
      .waiting("This one was refused by the desk, and the person decides", "failed", "rate")
      .waiting("This one has waited since yesterday", "held").lines,
    receipts: { delivered: 15, read: 15 },
  }),
  session: () => ({ session_only: true, messages: new Script(1).own("Hello").lines }),
  stopped: () => ({
    connection: {
      phase: "stopped",
      since: Date.now(),
      code: "certificate",
      sentence: "The desk shows another key than the one in its link. Nothing was sent.",
    },
  }),
};

/** The scene that the address asks for; what the visitor then does is answered as a desk would. */
export function demonstration(wish: URLSearchParams): VisitorBackend {
  const { archive = [], ...scene } = (SCENES[wish.get("scene") ?? "empty"] ?? SCENES["empty"])?.() ?? {};
  const theme = wish.get("theme");
  if (theme) document.documentElement.dataset["theme"] = theme;
  const backend = new MemoryVisitor(
    memoryBoot({ locale: wish.get("lang") === "ru" ? "ru" : "en", ...scene }),
    archive,
  );
  answer(backend, scene.messages?.length ?? 0);
  const typing = wish.has("typing");
  if (typing) setTimeout(() => backend.push({ type: "typing", typing }), 300);
  return backend;
}

function answer(backend: MemoryVisitor, known: number): void {
  let seq = known + 100;
  const place = (): { seq: number; message_id: string } => {
    seq += 1;
    return { seq, message_id: `m-${String(seq).padStart(8, "0")}` };
  };
  const say = (text: string): void => {
    const message = memoryLine({ text, operator: ANNA, date: Date.now(), ...place() });
    backend.push({ type: "message", message, unread: 1 });
  };
  backend.onVerb = (verb, uid, text) => {
    if (verb === "send" && typeof uid === "string") {
      backend.push({ type: "state", chatting: true });
      backend.push({ type: "status", change: memoryChange(uid, { ...place(), date: Date.now() }) });
      setTimeout(() => backend.push({ type: "receipts", receipts: { delivered: seq, read: 0 } }), 500);
      setTimeout(() => backend.push({ type: "operator", operator: ANNA }), 800);
      setTimeout(() => backend.push({ type: "typing", typing: true }), 1000);
      setTimeout(() => backend.push({ type: "receipts", receipts: { delivered: seq, read: seq } }), 1000);
      setTimeout(() => say(`You wrote: ${String(text)}`), 3000);
    }
    if (verb === "closeChat") {
      backend.push({
        type: "answer",
        answer: { verb: "closechat", success: true, code: null, message: null },
      });
      backend.push({ type: "state", chatting: false });
      backend.push({ type: "operator", operator: null });
    }
    if (verb === "resend" && typeof uid === "string") {
      backend.push({ type: "status", change: memoryChange(uid, { status: "queued" }) });
      setTimeout(() => backend.push({ type: "status", change: memoryChange(uid, place()) }), 1000);
    }
  };
}
