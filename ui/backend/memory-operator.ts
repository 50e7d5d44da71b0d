// The operator's verbs without a desk: for looking at the page in a browser and for tests. A scene is what the boot
// and the conversations hold; what is done here changes it as the desk would.
import type { Connection } from "../generated/Connection";
import type { Conversation } from "../generated/Conversation";
import type { Message } from "../generated/Message";
import type { OperatorBoot } from "../generated/OperatorBoot";
import type { OperatorUpdate } from "../generated/OperatorUpdate";
import type { OperatorWish } from "../generated/OperatorWish";
import type { PersonCard } from "../generated/PersonCard";
import type { Problem } from "../generated/Problem";
import type { SiteView } from "../generated/SiteView";
import type { SiteSettings } from "../generated/SiteSettings";
import type { OperatorBackend } from "./backend";
import { MemoryFiles, type FilesHost, type FilesPace } from "./memory-files";
import { doWish, type DeskHands } from "./memory-operator-deeds";
import { aPerson } from "./memory-operator-work";

/** What a memory desk starts with. */
export interface OperatorScene {
  boot: OperatorBoot;
  /** Whole conversations, oldest line first. */
  conversations: Map<string, Conversation>;
  /** Cards by visitor; whoever has none gets one. */
  people: Map<string, PersonCard>;
  /** Comes after the boot, in order. */
  updates: OperatorUpdate[];
  /** The settings that somebody else saves a little later. */
  otherSite?: SiteView;
  /** How fast files go; without it as over a slow line. */
  pace?: FilesPace;
  /** The password that signs in. */
  password: string;
}

/** So many lines does an opened conversation begin with. */
const TAIL = 50;
/** So long after the boot somebody else saves the settings (milliseconds). */
const LATER_MS = 1_500;

/** A desk in memory. */
export function memoryOperator(scene: OperatorScene): OperatorBackend {
  let tell: (update: OperatorUpdate) => void = () => undefined;
  let made = 0;
  const { boot, conversations } = scene;
  const online = () => boot.connection.phase === "online";
  const whole = (visitor: string) => conversations.get(visitor) ?? emptyConversation(visitor);

  function row(visitor: string, change: Partial<OperatorBoot["rows"][number]>): void {
    const known = boot.rows.find((candidate) => candidate.visitor === visitor);
    if (!known) return;
    Object.assign(known, change);
    tell({ type: "rows", whole: false, rows: [{ ...known }], gone: [], total: boot.total });
  }

  function line(visitor: string, kind: Message["kind"], more: Partial<Message> = {}): void {
    made += 1;
    const conversation = whole(visitor);
    const seq = nextSeq(conversation);
    const message = { ...systemLine(kind, `desk-${String(made)}`, Date.now(), null), seq, ...more };
    conversation.messages.push(message);
    conversations.set(visitor, conversation);
    tell({ type: "message", visitor, message: { ...message } });
  }

  function person(visitor: string): PersonCard {
    const known = scene.people.get(visitor) ?? aPerson(visitor, Date.now());
    scene.people.set(visitor, known);
    return known;
  }

  const hands: DeskHands = { tell: (update) => tell(update), row, line, person };

  /** What only a desk can do is refused at once where there is none. */
  function reach(): void {
    if (!online()) throw asThrown("offline", "");
  }

  function meanwhile(site: SiteView): void {
    boot.site = site;
    tell({ type: "site", site: structuredClone(site) });
  }

  function saved(settings: SiteSettings): void {
    const site = boot.site;
    if (!site) throw asThrown("unavailable", "");
    if (settings.version !== site.settings.version) throw asThrown("settings_stale", "");
    const next = structuredClone(settings);
    next.version += 1;
    let id = Math.max(0, ...next.form.groups.map((group) => group.id));
    for (const group of next.form.groups) if (group.id === 0) group.id = id += 1;
    next.form.mail = next.mail !== null;
    if (next.mail) delete next.mail.password;
    boot.site = { ...site, settings: next };
    tell({ type: "site", site: structuredClone(boot.site) });
  }

  function connected(connection: Connection): void {
    boot.connection = connection;
    tell({ type: "connection", connection });
  }

  function enter(name: string): void {
    boot.operator ??= { id: "op-1", name, position: "" };
    boot.phase = "ready";
    tell({ type: "phase", phase: "ready", operator: boot.operator, online: boot.online, problem: null });
    tell({ type: "rows", whole: true, rows: boot.rows, gone: [], total: boot.total });
  }

  async function store(visitor: string, text: string): Promise<Message> {
    made += 1;
    const uid = `memory-${String(made)}`;
    const conversation = whole(visitor);
    const message: Message = { ...ownMessage(uid, text, Date.now()), operator: boot.operator };
    conversation.messages.push(message);
    conversations.set(visitor, conversation);
    row(visitor, {
      last_text: text.slice(0, 120),
      last_sender: "operator",
      last_date: message.date,
      unread: 0,
    });
    if (online()) setTimeout(() => arrive(visitor, conversation, message), 400);
    return Promise.resolve({ ...message });
  }

  function arrive(visitor: string, conversation: Conversation, message: Message): void {
    message.seq = nextSeq(conversation);
    message.status = "sent";
    tell({ type: "status", visitor, change: statusChange(message) });
    row(visitor, { status: "in_chat", operator: boot.operator });
    const receipts = { delivered: message.seq, read: conversation.receipts.read };
    setTimeout(() => tell({ type: "receipts", visitor, receipts }), 400);
  }

  const filesHost: FilesHost<[visitor: string]> = {
    staged: (files, visitor) => tell({ type: "staged", visitor, files }),
    news: (file, visitor) => {
      const line = whole(visitor).messages.find((one) => one.file?.key === file.key);
      if (line) line.file = file;
      tell({ type: "file", visitor, news: { file } });
    },
    written: (text, file, _group, visitor) => {
      made += 1;
      const uid = `memory-${String(made)}`;
      const own = { ...ownMessage(uid, text, Date.now()), operator: boot.operator };
      const message: Message = { ...own, file: { ...file, key: uid } };
      const conversation = whole(visitor);
      conversation.messages.push(message);
      conversations.set(visitor, conversation);
      return structuredClone(message);
    },
    whole: (key, visitor) => {
      const conversation = whole(visitor);
      const message = conversation.messages.find((one) => one.key === key);
      if (message) arrive(visitor, conversation, message);
    },
    dropped: (key, visitor) => {
      const conversation = whole(visitor);
      conversation.messages = conversation.messages.filter((one) => one.key !== key);
    },
    lines: (visitor) => whole(visitor).messages,
    holder: (key) => {
      const holds = ({ messages }: Conversation) => messages.some((one) => one.file?.key === key);
      const visitor = [...conversations].find(([, conversation]) => holds(conversation))?.[0];
      return visitor === undefined ? null : [visitor];
    },
  };

  return {
    files: new MemoryFiles(filesHost, scene.pace ?? { step_ms: 200, bytes: 180_000 }),
    boot: async (listener) => {
      tell = listener;
      setTimeout(() => scene.updates.forEach(listener));
      if (scene.otherSite) setTimeout(meanwhile, LATER_MS, scene.otherSite);
      return Promise.resolve(structuredClone(boot));
    },
    setup: async (name) => Promise.resolve(enter(name)),
    signIn: async (_login, password) => {
      await new Promise((done) => setTimeout(done, 300));
      if (password !== scene.password)
        throw asThrown("bad_credentials", "The login or the password is wrong.");
      enter("Anna Weber");
    },
    signOut: async () =>
      Promise.resolve(
        tell({ type: "phase", phase: "sign_in", operator: null, online: false, problem: null }),
      ),
    setOnline: async (now) => {
      boot.online = now;
      return Promise.resolve();
    },
    open: async (visitor) => {
      const conversation = whole(visitor);
      const messages = conversation.messages.slice(-TAIL);
      const more = conversation.more || messages.length < conversation.messages.length;
      return Promise.resolve(structuredClone({ ...conversation, messages, more }));
    },
    history: async (visitor, before) => {
      const older = whole(visitor).messages.filter(({ seq }) => seq !== null && seq < before);
      return Promise.resolve({ messages: older.slice(-TAIL).reverse(), more: older.length > TAIL });
    },
    send: store,
    closeChat: async (visitor) => {
      const date = Date.now();
      row(visitor, { status: "on_site", chatting: false, operator: null, since: date });
      return Promise.resolve(line(visitor, "closed", { reason: "closed_by_operator" }));
    },
    want: async (visitor: string, wish: OperatorWish) => {
      if (online()) setTimeout(() => doWish(scene, hands, visitor, wish));
      return Promise.resolve();
    },
    person: async (visitor) => {
      await new Promise((done) => setTimeout(done));
      reach();
      return structuredClone(person(visitor));
    },
    inView: async () => Promise.resolve(),
    saveSite: async (settings) => {
      await new Promise((done) => setTimeout(done));
      reach();
      saved(settings);
    },
    setGroups: async (operator, groups) => {
      reach();
      const place = boot.site?.operators.find((known) => known.operator.id === operator);
      if (place) place.groups = groups;
      if (boot.site) tell({ type: "site", site: structuredClone(boot.site) });
      return Promise.resolve();
    },
    testMail: async (to) => {
      await new Promise((done) => setTimeout(done, 300));
      reach();
      if (to.startsWith("no"))
        throw asThrown("mail_server", "The mail server did not take the mail. (550 no such user)");
    },
    setPassword: async (_operator, password) => {
      reach();
      await Promise.resolve();
      if (password.length < 8) throw asThrown("password", "The password is too short.");
    },
    typing: async () => Promise.resolve(),
    read: async (visitor) => Promise.resolve(row(visitor, { unread: 0 })),
    resend: async (uid) => {
      for (const [visitor, { messages }] of conversations) {
        const message = messages.find((candidate) => candidate.uid === uid);
        if (!message) continue;
        Object.assign(message, { status: "queued", code: null });
        tell({ type: "status", visitor, change: statusChange(message) });
      }
      return Promise.resolve();
    },
    discard: async (uid) => {
      for (const conversation of conversations.values()) {
        conversation.messages = conversation.messages.filter((message) => message.uid !== uid);
      }
      return Promise.resolve();
    },
    reconnect: async () => {
      const since = Date.now();
      connected({ phase: "connecting", since, code: null, sentence: null });
      setTimeout(() => connected({ phase: "online", since, code: null, sentence: null }), 300);
      return Promise.resolve();
    },
    settings: async () => Promise.resolve(),
  };
}

function nextSeq({ messages }: Conversation): number {
  return 1 + messages.reduce((last, { seq }) => Math.max(last, seq ?? 0), 0);
}

/** A conversation with nothing in it. */
export function emptyConversation(visitor: string): Conversation {
  return { visitor, messages: [], more: false, receipts: { delivered: 0, read: 0 }, typing: null };
}

/** An own message as `send` answers it. */
export function ownMessage(uid: string, text: string, date: number): Message {
  return {
    ...systemLine("opened", uid, date, null),
    kind: "message",
    text,
    sender: "operator",
    mine: true,
    uid,
    status: "queued",
  };
}

/** A line of the desk's own. */
export function systemLine(kind: Message["kind"], key: string, date: number, reason: string | null): Message {
  return {
    key,
    kind,
    text: "",
    date,
    sender: "system",
    mine: false,
    operator: null,
    seq: null,
    message_id: key,
    uid: null,
    chat_id: null,
    status: "sent",
    code: null,
    reason,
    detail: null,
    file: null,
  };
}

function statusChange(message: Message) {
  const { uid, status, seq, message_id, chat_id, date, code } = message;
  return { uid: uid ?? "", status, seq, message_id, chat_id, date, code, sentence: null };
}

/** Tauri rejects with plain objects; so does this. */
function asThrown(code: string, message: string): Error {
  return Object.assign(new Error(message), { code } satisfies Pick<Problem, "code">);
}
