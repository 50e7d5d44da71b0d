// Scenes for looking at the visitor's page in a plain browser: `/visitor/?scene=chat&lang=ru&theme=dark`.
import type { VisitorBackend } from "../backend/backend";
import {
  MemoryVisitor,
  memoryBoot,
  memoryForm,
  memoryInvite,
  memoryLine,
  memoryOperator,
  type MemoryBoot,
} from "../backend/memory";
import { memoryFile, memoryStaged, memoryTransfer } from "../backend/memory-files";
import { answerAsADesk, type MemoryDesk } from "../backend/memory-desk";
import type { Device } from "../generated/Device";
import type { FormSettings } from "../generated/FormSettings";
import type { Message } from "../generated/Message";
import type { Operator } from "../generated/Operator";
import type { Present } from "../generated/Present";
import type { StagedFile } from "../generated/StagedFile";
import type { Transfer } from "../generated/Transfer";

const MINUTE = 60_000;
const ANNA = memoryOperator("Anna Petrova", "Customer care");
const LONG_NAME = memoryOperator(
  "Maximiliane-Alexandra von Hohenstein-Wittgenburg zu Allgäu-Nord",
  "Second line",
);

const DAY = 24 * 60 * MINUTE;
const DEVICES: Device[] = [
  { device_id: "this", this: true, linked: Date.now() - 40 * DAY, seen: Date.now(), connected: true },
  { device_id: "a", this: false, linked: Date.now() - 12 * DAY, seen: Date.now() - MINUTE, connected: true },
  {
    device_id: "b",
    this: false,
    linked: Date.now() - 90 * DAY,
    seen: Date.now() - 3 * DAY,
    connected: false,
  },
];
const PROBLEMS: Partial<Record<string, string>> = {
  bad_code: "This code is wrong, was used already, or is too old. Ask for a new one on your other device.",
  offline: "There is no connection to the desk. Please try again when it is back.",
};

type Scene = MemoryBoot & { archive?: Message[]; then?: (desk: MemoryDesk, backend: MemoryVisitor) => void };

const talking = (operator: Operator | null = ANNA): Partial<Present> => ({ state: "chat", operator });

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

function invite(desk: MemoryDesk, operator: Operator | null): void {
  const words = "Hello! May I help you to choose?";
  desk.set({ state: "invite", invite: memoryInvite(words, { operator, date: Date.now() }) });
}

const CONSENT = {
  version: 1,
  text:
    "What you write here is kept by the shop for a year, so that the next person who helps you knows the story. " +
    "Only its operators read it. You can ask them to delete it at any time.",
  url: "https://example.com/privacy",
};

const SITE: FormSettings = memoryForm({
  title: "Northwind Parcels",
  banner_color: "#7a2e8e",
  group_title: "Whom would you like to ask?",
  groups: [
    { id: 1, name: "Sales" },
    { id: 2, name: "Customer care" },
  ],
  fields: [
    { name: "name", title: "What shall we call you?", is_required: true },
    { name: "email", title: "", is_required: false },
  ],
  offline_fields: [{ name: "email", title: "", is_required: true }],
});

const LONG_FILE = `${"Ausführliche-Zusammenstellung-der-Rückfragen-".repeat(4)}Fassung 12.docx`;

/** The same line when the desk does not take its file. */
function refused(line: Message): Message {
  const sentence =
    "This file is too large: 25 MB is the limit for one file. Send a smaller one, or in parts.";
  const transfer = memoryTransfer({ state: "failed", code: "file_too_large", sentence });
  return {
    ...line,
    status: "failed",
    code: "file_too_large",
    file: line.file && { ...line.file, transfer },
  };
}

/** Files of every kind, at rest and on their way. */
function files(): Script {
  const moving = (name: string, size: number, transfer: Partial<Transfer>): Partial<Message> => ({
    file: memoryFile({ name, size, transfer: memoryTransfer({ total: size, ...transfer }) }),
  });
  const script = new Script(30)
    .event("opened")
    .own("The lid of the second kettle is missing:")
    .add({
      sender: "visitor",
      mine: true,
      uid: "f1",
      key: "f1",
      file: memoryFile({ key: "f1", name: "two kettles.jpg", size: 2_411_724 }),
    })
    .event("joined", { operator: ANNA }, 1)
    .theirs("Thank you! This is the paper that goes back with it.", 1)
    .add({
      operator: ANNA,
      text: "Please sign the second page.",
      file: memoryFile({ key: "f2", name: "Return form 1207.pdf", size: 184_320, preview: "none" }),
    })
    .add({ operator: ANNA, file: memoryFile({ key: "f3", name: LONG_FILE, size: 40_960 }) })
    .add({
      operator: ANNA,
      file: memoryFile({ key: "f4", name: "setup.exe", size: 9_961_472, opening: "never" }),
    })
    .add({ operator: ANNA, file: memoryFile({ key: "f5", name: "how to pack.txt", size: 612 }) })
    .own("Here they are", 2);
  const waiting: [string, Partial<Message>][] = [
    [
      "w1",
      moving("Signed return form, page 2 of 3.pdf", 18_874_368, {
        done: 8_388_608,
        speed: 1_258_291,
        left_s: 9,
      }),
    ],
    ["w2", moving("film.mp4", 24_117_248, { state: "paused", done: 2_097_152 })],
    ["w3", moving("archive.zip", 1_048_576, { state: "waiting" })],
  ];
  for (const [uid, fields] of waiting) {
    const own = { uid, key: uid, sender: "visitor", mine: true, status: "queued", date: Date.now() } as const;
    const file = fields.file ? { ...fields.file, key: uid } : null;
    script.lines.push(memoryLine({ ...own, ...fields, file }));
  }
  return script;
}

/** What a person has in hand: a photograph, a text, one that is refused and one that is being read. */
function inHand(): StagedFile[] {
  return [
    memoryStaged({ id: "s1", name: "two kettles.jpg", size: 2_411_724, details: "removed" }),
    memoryStaged({ id: "s2", name: LONG_FILE, size: 40_960 }),
    memoryStaged({
      id: "s3",
      name: "holiday.mov",
      size: 734_003_200,
      ready: false,
      taken: 0,
      code: "file_too_large",
      sentence: "This file is too large. The limit is 25 MB.",
    }),
    memoryStaged({
      id: "s4",
      name: "plan.pdf",
      size: 8_388_608,
      preview: "none",
      ready: false,
      taken: 5_242_880,
    }),
  ];
}

const SCENES: Record<string, () => Scene> = {
  filerefused: () => ({
    present: talking(),
    messages: files().lines.map((line) => (line.uid === "w2" ? refused(line) : line)),
    receipts: { delivered: 8, read: 8 },
  }),
  files: () => ({ present: talking(), messages: files().lines, receipts: { delivered: 8, read: 8 } }),
  filesgoing: () => ({
    present: talking(),
    then(_, backend) {
      backend.files.pace = { step_ms: 300, bytes: 120_000 };
    },
  }),
  filesend: () => ({
    present: talking(),
    messages: conversation().lines,
    then: (_, backend) => backend.push({ type: "staged", files: inHand() }),
  }),
  filesdrop: () => ({
    present: talking(),
    messages: conversation().lines,
    then: (_, backend) => backend.push({ type: "dragging", over: true }),
  }),
  filesoff: () => ({ form: memoryForm({ files: { enabled: false, max_bytes: 1, types: [], groups: [] } }) }),
  empty: () => ({}),
  away: () => ({ present: { online: false } }),
  waiting: () => ({ present: talking(null), messages: new Script(1).event("opened").own("Hello?").lines }),
  chat: () => {
    const { lines } = conversation();
    return { present: talking(), messages: lines, receipts: { delivered: 14, read: 13 } };
  },
  hundred: () => {
    const { lines } = hundred();
    return {
      present: talking(),
      archive: lines.slice(0, -20),
      messages: lines.slice(-20),
      more: true,
      receipts: { delivered: 100, read: 100 },
    };
  },
  name: () => ({
    present: talking(LONG_NAME),
    messages: new Script(5).event("joined", { operator: LONG_NAME }).theirs("Good afternoon.", 0, LONG_NAME)
      .lines,
  }),
  word: () => ({
    present: talking(),
    messages: new Script(5).theirs("w".repeat(2000)).own("W".repeat(300), 1).lines,
    receipts: { delivered: 2, read: 2 },
  }),
  rtl: () => ({
    present: talking(memoryOperator("ليلى حداد", "خدمة العملاء")),
    messages: new Script(5)
      .own("שלום, איפה ההזמנה שלי? Order 4471")
      .theirs("مرحبا! سأتحقق من ذلك الآن، شكرا لانتظارك.", 1, memoryOperator("ليلى حداد"))
      .own("<b>not bold</b> & ‮reversed", 1).lines,
    receipts: { delivered: 3, read: 1 },
  }),
  offline: () => ({
    present: { ...talking(null), online: false },
    connection: { phase: "offline", since: Date.now(), code: "unreachable", sentence: null },
    messages: conversation().waiting("Are you still there?", "queued").waiting("I found it!", "queued").lines,
    receipts: { delivered: 15, read: 15 },
  }),
  failed: () => ({
    present: talking(),
    messages: conversation()
      .waiting("This one was refused by the desk, and the person decides", "failed", "rate")
      .waiting("This one has waited since yesterday", "held").lines,
    receipts: { delivered: 15, read: 15 },
  }),
  invite: () => ({ then: (desk) => invite(desk, ANNA) }),
  autoinvite: () => ({ then: (desk) => invite(desk, null) }),
  invitelong: () => ({
    then(desk) {
      const words = `${"A very long invitation goes on and on. ".repeat(12)}${"w".repeat(2000)}`;
      const message = memoryInvite(words, { operator: LONG_NAME, date: Date.now() });
      desk.set({ state: "invite", invite: message });
    },
  }),
  invitertl: () => ({
    messages: conversation().lines.slice(0, 8),
    then(desk) {
      const operator = memoryOperator("ليلى حداد", "خدمة العملاء");
      const message = memoryInvite("مرحبا! هل يمكنني مساعدتك في الاختيار؟", { operator, date: Date.now() });
      desk.set({ state: "invite", invite: message });
    },
  }),
  lead: () => ({ then: (desk) => desk.set({ state: "lead", lead: "call_generator" }) }),
  leadmessage: () => ({ then: (desk) => desk.set({ state: "lead", lead: "offline_message_generator" }) }),
  leadperson: () => ({ then: (desk) => desk.set({ state: "lead", lead: "personal_form" }) }),
  retention: () => ({
    present: talking(null),
    messages: new Script(3).event("opened").own("Is anybody there?").lines,
    then(desk) {
      desk.say({ kind: "message", sender: "system", text: "Everybody is busy. Please stay with us." });
      desk.set({ retention: "sitephone" });
    },
  }),
  rated: () => ({
    present: { ...talking(), rating: { chat_id: "c", mark: 4 } },
    messages: conversation().lines,
  }),
  ended: () => ({
    present: { rating: { chat_id: "c", mark: null } },
    messages: conversation().event("closed", { reason: "closed_by_operator" }, 1).lines,
    receipts: { delivered: 15, read: 15 },
  }),
  endedlong: () => ({
    present: { rating: { chat_id: "c", mark: null } },
    messages: new Script(5).theirs("Good afternoon.", 0, LONG_NAME).lines,
  }),
  awayafter: () => ({ present: { online: false }, messages: conversation().lines }),
  groups: () => ({
    form: {
      ...SITE,
      banner_color: "",
      groups: [
        { id: 1, name: "Sales" },
        { id: 2, name: "Customer care" },
        {
          id: 3,
          name: "Returns, complaints and everything else that does not belong to anybody in particular",
        },
        { id: 4, name: "W".repeat(120) },
      ],
    },
    present: { groups_online: [1, 3] },
  }),
  colour: () => ({
    form: memoryForm({ banner_color: "#ffd400" }),
    present: talking(),
    messages: conversation().waiting("This one is on its way", "queued").lines,
    receipts: { delivered: 14, read: 13 },
  }),
  consent: () => ({ form: memoryForm({ consent: CONSENT }) }),
  site: () => ({ form: SITE }),
  offlinesite: () => ({ form: SITE, present: { online: false } }),
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
  const {
    archive = [],
    then,
    ...scene
  } = (SCENES[wish.get("scene") ?? "empty"] ?? SCENES["empty"])?.() ?? {};
  const theme = wish.get("theme");
  if (theme) document.documentElement.dataset["theme"] = theme;
  const boot = memoryBoot({ locale: wish.get("lang") === "ru" ? "ru" : "en", ...scene });
  const backend = new MemoryVisitor(boot, archive);
  const desk = answerAsADesk(backend, boot.present, ANNA, (scene.messages?.length ?? 0) + 100);
  backend.told.devices = DEVICES;
  backend.lacksConsent = (boot.form?.consent?.version ?? 0) > boot.present.consented;
  const typing = wish.has("typing");
  if (typing) setTimeout(() => backend.push({ type: "typing", typing }), 300);
  if (then) setTimeout(() => then(desk, backend), 600);
  const device = wish.get("device");
  if (device === "mobile" || device === "tablet") backend.told.pack = { ...backend.told.pack, device };
  const problem = wish.get("problem");
  // Such as `link:bad_code`: the next call of a verb meets it.
  const [verb, code] = problem?.split(":") ?? [];
  if (verb && code) backend.problems.set(verb, { code, message: PROBLEMS[code] ?? "That did not work." });
  return backend;
}
