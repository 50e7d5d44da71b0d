// A desk and a store in memory, for tests and for looking at a page in a plain browser. Never in the product:
// only tests and what `vite build --mode memory` makes import it.
import type { Answer } from "../generated/Answer";
import type { Device } from "../generated/Device";
import type { FlawReport } from "../generated/FlawReport";
import type { FormSettings } from "../generated/FormSettings";
import type { LinkCode } from "../generated/LinkCode";
import type { Message } from "../generated/Message";
import type { MessagesPage } from "../generated/MessagesPage";
import type { Operator } from "../generated/Operator";
import type { PackAnswer } from "../generated/PackAnswer";
import type { Present } from "../generated/Present";
import type { Problem } from "../generated/Problem";
import type { StatusChange } from "../generated/StatusChange";
import type { Verb } from "../generated/Verb";
import type { VisitorBoot } from "../generated/VisitorBoot";
import type { VisitorUpdate } from "../generated/VisitorUpdate";
import type { VisitorWish } from "../generated/VisitorWish";
import type { Outcome, VisitorBackend } from "./backend";
import { MemoryFiles, type FilesHost } from "./memory-files";
import { flaw, flawOf, flawOfWords, NEED_CONSENT, VERBS } from "./memory-wishes";

/** Lines that one `history` gives. */
const PAGE = 20;

/** A line with everything at its plainest; `fields` says what differs. */
export function memoryLine(fields: Partial<Message>): Message {
  const key = fields.key ?? fields.uid ?? fields.message_id ?? `line-${String(fields.seq ?? "new")}`;
  return {
    key,
    kind: "message",
    text: "",
    date: 0,
    sender: "operator",
    mine: false,
    operator: null,
    seq: null,
    message_id: null,
    uid: null,
    chat_id: null,
    status: "sent",
    code: null,
    reason: null,
    detail: null,
    file: null,
    ...fields,
  };
}

/** How things stand with everything at its plainest: nobody talks, an operator is there. */
export function memoryPresent(fields: Partial<Present> = {}): Present {
  return {
    state: "available",
    online: true,
    groups_online: [],
    group: null,
    operator: null,
    invite: null,
    lead: null,
    rating: null,
    card: { name: "", emails: [], phones: [] },
    retention: null,
    consented: 0,
    ...fields,
  };
}

/** A site that has said nothing but that operators may be rated and transcripts sent. */
export function memoryForm(fields: Partial<FormSettings> = {}): FormSettings {
  return {
    title: "",
    banner_color: "",
    group_title: "",
    groups: [],
    fields: [],
    offline_fields: [],
    rating: true,
    mail: true,
    retention: { messages: [], way: null, way_after_s: 0 },
    consent: null,
    files: { enabled: true, max_bytes: 26_214_400, types: [], groups: [] },
    ...fields,
  };
}

/** An invitation; without an operator a rule invites. */
export function memoryInvite(text: string, fields: Partial<Message> = {}): Message {
  const detail = { type: "invited", expires: null } as const;
  return memoryLine({ kind: "invited", text, message_id: "invite", detail, ...fields });
}

/** A boot's fields; `present` says what differs from the plainest. */
export type MemoryBoot = Partial<Omit<VisitorBoot, "present">> & { present?: Partial<Present> };

/** A visitor's boot with everything at its plainest. */
export function memoryBoot({ present, ...fields }: MemoryBoot = {}): VisitorBoot {
  return {
    visitor_id: "visitor",
    site: "site",
    locale: "en",
    present: memoryPresent(present),
    form: memoryForm(),
    connection: { phase: "online", since: 0, code: null, sentence: null },
    messages: [],
    more: false,
    receipts: { delivered: 0, read: 0 },
    unread: 0,
    session_only: false,
    summon: null,
    ...fields,
  };
}

/** What a change of an own entry looks like; `fields` says how it went on. */
export function memoryChange(uid: string, fields: Partial<StatusChange>): StatusChange {
  return {
    uid,
    status: "sent",
    seq: null,
    message_id: null,
    chat_id: null,
    date: null,
    code: null,
    sentence: null,
    ...fields,
  };
}

/** The visitor's verbs in memory. Nothing happens by itself: a test or a demonstration pushes what the desk says. */
export class MemoryVisitor implements VisitorBackend {
  /** Every call, as `[verb, ...arguments]`; a wish without the name that the page made for it. */
  readonly calls: unknown[][] = [];
  /** The wishes that were taken, oldest first. */
  readonly wishes: { uid: string; wish: VisitorWish }[] = [];
  /** What the next call of a verb meets. */
  readonly problems = new Map<string, Problem>();
  /** Called after a verb was taken: a demonstration answers here. */
  onVerb: (verb: string, ...args: unknown[]) => void = () => undefined;
  /** Has the visitor still to agree to the site's terms? Then what needs that is refused. */
  lacksConsent = false;
  /** What the questions are answered. */
  readonly told = {
    devices: [] as Device[],
    code: { code: "", expires: 0 } as LinkCode,
    /** Nothing: the built-in default form. */
    pack: { device: "desktop", pack: null, flaw: null } as PackAnswer,
  };
  /** Nothing of them goes by itself either, until they have a pace. */
  readonly files: MemoryFiles<[]>;
  readonly #boot: VisitorBoot;
  readonly #archive: Message[];
  /** Own messages with files. */
  readonly #sent: Message[] = [];
  #listener: ((update: VisitorUpdate) => void) | null = null;
  #written = 0;

  /** `archive`: lines before those of the boot, oldest first. */
  constructor(boot: VisitorBoot = memoryBoot(), archive: Message[] = []) {
    this.#boot = boot;
    this.#archive = archive;
    this.files = new MemoryFiles(this.#filesHost());
  }

  boot(listener: (update: VisitorUpdate) => void): Promise<VisitorBoot> {
    this.#listener = listener;
    return Promise.resolve(structuredClone(this.#boot));
  }

  /** The desk says something. */
  push(update: VisitorUpdate): void {
    this.#listener?.(structuredClone(update));
  }

  /** The desk answers the newest wish of this kind that it was told. */
  answer(verb: Verb, fields: Partial<Answer> = {}): void {
    const last = this.wishes.findLast(({ wish }) => VERBS[wish.type] === verb);
    const answer = { verb, uid: last?.uid ?? null, success: true, code: null, message: null, ...fields };
    this.push({ type: "answer", answer });
  }

  send(text: string, group: number | null): Outcome<Message> {
    const problem = this.#take("send", text, group) ?? flawOfWords(text);
    if (problem) return { problem };
    const unconsented = this.#unconsented("message");
    this.#written += 1;
    const uid = `uid-${String(this.#written)}`;
    const line = memoryLine({
      key: uid,
      uid,
      text,
      date: Date.now(),
      sender: "visitor",
      mine: true,
      status: unconsented ? "failed" : "queued",
      code: unconsented?.code ?? null,
    });
    if (!unconsented) setTimeout(() => this.onVerb("send", uid, text, group));
    return { ok: line };
  }

  want(uid: string, wish: VisitorWish): Outcome<null> {
    const problem = this.#take("want", wish) ?? this.#unconsented(wish.type) ?? flawOf(wish);
    if (problem) return { problem };
    if (wish.type === "consent") this.lacksConsent = false;
    this.wishes.push({ uid, wish });
    setTimeout(() => this.onVerb("want", uid, wish));
    return { ok: null };
  }

  history(before: number | null): Outcome<MessagesPage> {
    const problem = this.#take("history", before);
    if (problem) return { problem };
    const older = this.#archive.filter((line) => before === null || (line.seq ?? 0) < before);
    return { ok: { messages: older.slice(-PAGE).reverse(), more: older.length > PAGE } };
  }

  typing(text: string): Promise<void> {
    return this.#verb("typing", text);
  }

  read(seq: number): Promise<void> {
    return this.#verb("read", seq);
  }

  resend(uid: string): Promise<void> {
    return this.#verb("resend", uid);
  }

  discard(uid: string): Promise<void> {
    return this.#verb("discard", uid);
  }

  reconnect(): Promise<void> {
    return this.#verb("reconnect");
  }

  settings(): Promise<void> {
    return this.#verb("settings");
  }

  async linkCode(): Promise<LinkCode> {
    await this.#verb("linkCode");
    return { ...this.told.code };
  }

  async devices(): Promise<Device[]> {
    await this.#verb("devices");
    return structuredClone(this.told.devices);
  }

  async revoke(device: string): Promise<void> {
    await this.#verb("revoke", device);
    this.told.devices = this.told.devices.filter((one) => one.device_id !== device);
  }

  link(code: string): Promise<void> {
    return this.#verb("link", code);
  }

  async pack(): Promise<PackAnswer> {
    await this.#verb("pack");
    return structuredClone(this.told.pack);
  }

  async packFlaw(report: FlawReport): Promise<Problem> {
    await this.#verb("packFlaw", report);
    return { code: `pack_${report.kind}`, message: `The pack: ${JSON.stringify(report)}` };
  }

  packUp(): void {
    this.calls.push(["packUp"]);
  }

  #filesHost(): FilesHost<[]> {
    return {
      staged: (files) => this.push({ type: "staged", files }),
      news: (file) => this.push({ type: "file", news: { file } }),
      written: (text, file) => {
        this.#written += 1;
        const uid = `uid-${String(this.#written)}`;
        const own = { key: uid, uid, sender: "visitor", mine: true, status: "queued" } as const;
        const line = memoryLine({ ...own, text, date: Date.now(), file: { ...file, key: uid } });
        this.#sent.push(line);
        return structuredClone(line);
      },
      whole: (key) => setTimeout(() => this.onVerb("sendFile", key)),
      dropped: () => undefined,
      lines: () => [...this.#archive, ...this.#boot.messages, ...this.#sent],
    };
  }

  #unconsented(kind: VisitorWish["type"] | "message"): Problem | null {
    return this.lacksConsent && NEED_CONSENT.has(kind) ? flaw("consent") : null;
  }

  #verb(verb: string, ...args: unknown[]): Promise<void> {
    const problem = this.#take(verb, ...args);
    if (problem) return Promise.reject(problem);
    setTimeout(() => this.onVerb(verb, ...args));
    return Promise.resolve();
  }

  #take(verb: string, ...args: unknown[]): Problem | null {
    this.calls.push([verb, ...args]);
    const problem = this.problems.get(verb) ?? null;
    this.problems.delete(verb);
    return problem;
  }
}

/** An operator for tests and demonstrations. */
export function memoryOperator(name: string, position = "", id = name): Operator {
  return { id, name, position };
}
