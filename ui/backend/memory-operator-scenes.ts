// Scenes for looking at the operator's page: `?scene=busy&lang=ru`. Each is what a picture is taken of before a screen
// is called done: nothing, one of each, a hundred, the longest, right-to-left, an error, no connection.
import type { Conversation } from "../generated/Conversation";
import type { Locale } from "../generated/Locale";
import type { Message } from "../generated/Message";
import type { Operator } from "../generated/Operator";
import type { OperatorBoot } from "../generated/OperatorBoot";
import type { VisitorListRow } from "../generated/VisitorListRow";
import type { OperatorScene } from "./memory-operator";
import { emptyConversation, ownMessage, systemLine } from "./memory-operator";
import { eventful } from "./memory-operator-events";
import { filed, tenStaged } from "./memory-operator-files";
import { aRegular, busySite, emptySite, manyRequests, someRequests } from "./memory-operator-work";

const MINUTE = 60_000;
const ME: Operator = { id: "op-1", name: "Anna Weber", position: "Support" };
const OTHER: Operator = { id: "op-2", name: "Джулия Орлова", position: "Sales" };
const LINK = `deskbell://join?host=192.168.1.20:7717&pin=${"9f3c27d1".repeat(8)}&site=main`;

/** The scene of an address's query. */
export function operatorScene(query: URLSearchParams): OperatorScene {
  const locale: Locale = query.get("lang") === "ru" ? "ru" : "en";
  const name = query.get("scene") ?? "busy";
  const scene = base(locale);
  if (name !== "setup" && name !== "sign_in" && name !== "empty") furnish(scene, locale, name === "hundred");
  if (name !== "empty" && name !== "setup" && name !== "joined")
    fill(scene, locale, name === "hundred" ? 100 : 0);
  SCENES[name]?.(scene, locale);
  scene.boot.total = Math.max(scene.boot.total, scene.boot.rows.length);
  return scene;
}

/** The visitor with the files. */
const FILED = "7c1e0b52-6b1d";

const SCENES: Record<string, (scene: OperatorScene, locale: Locale) => void> = {
  setup: ({ boot }) => Object.assign(boot, { phase: "setup", operator: null }),
  sign_in: ({ boot }) => Object.assign(boot, { phase: "sign_in", operator: null, hosting: null }),
  colleague: ({ boot }) => {
    if (boot.site) boot.site.admin = false;
  },
  stale: (scene) => {
    const site = structuredClone(scene.boot.site);
    if (!site) return;
    site.settings.version += 1;
    site.settings.form.title = "Southwind Lamps";
    scene.otherSite = site;
  },
  joined: ({ boot }) => Object.assign(boot, { hosting: null }),
  hundred: ({ boot }) => Object.assign(boot, { total: 1_240 }),
  connecting: ({ boot }) => Object.assign(boot.connection, { phase: "connecting" }),
  offline: ({ boot }) => Object.assign(boot.connection, { phase: "offline", code: "unreachable" }),
  stopped: ({ boot }, locale) =>
    Object.assign(boot.connection, {
      phase: "stopped",
      code: "certificate",
      sentence:
        locale === "ru"
          ? "Ключ стойки изменился. Если этого никто не делал, кто-то может выдавать себя за неё."
          : "The desk’s key has changed. If nobody did that, somebody may be pretending to be it.",
    }),
  session: ({ boot }) => Object.assign(boot, { session_only: true }),
  port: ({ boot }, locale) =>
    Object.assign(boot.hosting ?? {}, {
      problem: {
        code: "port_in_use",
        message:
          locale === "ru" ? "Порт 7717 занят другой программой." : "Port 7717 is used by another program.",
      },
    }),
  files: (scene, locale) => {
    scene.conversations.set(FILED, filed(FILED, Date.now(), ME, locale));
    scene.pace = { step_ms: 0, bytes: 0 };
  },
  staged: (scene, locale) => {
    scene.updates.push(tenStaged(FILED, locale));
  },
  dragging: ({ updates }) => {
    updates.push({ type: "dragging", over: true });
  },
  error: ({ updates }, locale) => {
    const message = locale === "ru" ? "На диске нет места." : "The disk is full: nothing new can be kept.";
    updates.push({ type: "error", problem: { code: "storage", message } });
  },
};

function base(locale: Locale): OperatorScene {
  const boot: OperatorBoot = {
    phase: "ready",
    locale,
    operator: ME,
    online: true,
    connection: { phase: "online", since: Date.now(), code: null, sentence: null },
    desk: "desk.example:7717",
    hosting: { address: "192.168.1.20:7717", link: LINK, problem: null },
    rows: [],
    total: 0,
    site: emptySite(ME),
    requests: [],
    open_requests: 0,
    session_only: false,
    summon: null,
  };
  return { boot, conversations: new Map(), people: new Map(), updates: [], password: "password" };
}

function furnish(scene: OperatorScene, locale: Locale, hundred: boolean): void {
  const { boot, people } = scene;
  const maria = locale === "ru" ? "Мария Лебедева" : "Maria Lindgren";
  boot.site = busySite(ME, OTHER, locale);
  const requests = someRequests(Date.now(), OTHER, locale);
  boot.requests = hundred ? [...requests, ...manyRequests(Date.now())] : requests;
  boot.open_requests = boot.requests.filter((line) => line.done_by === null).length;
  people.set("7c1e0b52-6b1d", aRegular("7c1e0b52-6b1d", maria, [ME, OTHER]));
}

function fill(scene: OperatorScene, locale: Locale, more: number): void {
  const ru = locale === "ru";
  const now = Date.now();
  const add = (id: string, change: Partial<VisitorListRow>) =>
    scene.boot.rows.push(visitorRow(id, change, now));
  const waiting = ru ? "Здравствуйте! Заказ так и не пришёл" : "Hello! My order has still not come";
  add("7c1e0b52-6b1d", {
    name: ru ? "Мария Лебедева" : "Maria Lindgren",
    status: "in_chat",
    since: now - 26 * MINUTE,
    operator: ME,
    group: 2,
    unread: 2,
    last_text: ru ? "А можно забрать в субботу?" : "Could I collect it on Saturday instead?",
    last_date: now - MINUTE,
  });
  add("ab12f09d-8e77", { status: "waiting", since: now - 4.2 * MINUTE, unread: 1, last_text: waiting });
  add("0d44a1cc-90aa", {
    name: "Tomás Ferreira",
    status: "waiting",
    since: now - 1.4 * MINUTE,
    group: 5,
    unread: 3,
    last_text: ru ? "Есть кто-нибудь?" : "Is anybody there?",
  });
  add("5e5e0000-1111", { status: "waiting", since: now - 20_000, unread: 1, last_text: "?" });
  add("c0ffee00-2222", {
    name: "Maximiliana Featherstonehaugh-Cholmondeley von Wolkenstein-Rodenegg",
    status: "in_chat",
    since: now - 50 * MINUTE,
    operator: ME,
    last_text: "W".repeat(120),
    last_date: now - 40 * MINUTE,
  });
  add("a4ab1c00-3333", {
    name: "ليلى حدّاد",
    status: "in_chat",
    since: now - 12 * MINUTE,
    operator: ME,
    connected: false,
    last_text: "شكرًا جزيلًا على المساعدة!",
    last_date: now - 9 * MINUTE,
  });
  add("b0b00000-4444", {
    name: "Bob",
    status: "in_chat",
    since: now - 8 * MINUTE,
    operator: OTHER,
    last_text: ru ? "Спасибо" : "Thank you",
    last_sender: "operator",
  });
  add("d1d1d1d1-5555", { status: "on_site", since: now - 2 * MINUTE, last_text: null, last_date: null });
  add("e2e2e2e2-6666", { name: "Ёлка 🎄", status: "on_site", since: now - 30 * MINUTE, last_text: null });
  add("1a1a1a1a-8888", { name: "Otto", status: "invited", since: now - MINUTE, last_text: null });
  add("2b2b2b2b-9999", { status: "form_shown", since: now - 3 * MINUTE, last_text: null });
  add("f3f3f3f3-7777", {
    name: "Ingrid",
    status: "gone",
    connected: false,
    since: now - 26 * 60 * MINUTE,
    last_text: ru ? "Всё получилось, до свидания" : "It worked, goodbye",
    last_date: now - 26 * 60 * MINUTE,
  });
  for (let index = 0; index < more; index += 1) {
    const status = (["waiting", "in_chat", "on_site", "gone"] as const)[index % 4] ?? "gone";
    add(`${index.toString(16).padStart(4, "0")}9999-0000`, {
      name: index % 3 === 0 ? null : `Visitor Number ${String(index)}`,
      status,
      since: now - index * MINUTE,
      operator: status === "in_chat" ? (index % 8 === 1 ? ME : OTHER) : null,
      unread: status === "waiting" ? (index % 120) + 1 : 0,
    });
  }
  const conversation = talk(now, ru);
  scene.conversations.set("7c1e0b52-6b1d", conversation);
  scene.conversations.set("c0ffee00-2222", longest(now));
  scene.conversations.set("a4ab1c00-3333", rightToLeft(now));
  scene.conversations.set("ab12f09d-8e77", {
    ...emptyConversation("ab12f09d-8e77"),
    messages: [line(1, waiting, now)],
  });
  scene.conversations.set("b0b00000-4444", thousand(now));
  scene.conversations.set("f3f3f3f3-7777", eventful("f3f3f3f3-7777", now - 26 * 60 * MINUTE, ME, locale));
  const expires = now + 4 * MINUTE;
  const text = ru ? "Здравствуйте! Помочь вам с выбором?" : "Hello! Can I help you choose?";
  scene.conversations.set("1a1a1a1a-8888", {
    ...emptyConversation("1a1a1a1a-8888"),
    messages: [
      event(1, "invited", now - MINUTE, { text, operator: ME, detail: { type: "invited", expires } }),
    ],
  });
}

function visitorRow(visitor: string, change: Partial<VisitorListRow>, now: number): VisitorListRow {
  const status = change.status ?? "on_site";
  return {
    visitor,
    name: null,
    status,
    since: now,
    connected: status !== "gone",
    chatting: status === "waiting" || status === "in_chat",
    operator: null,
    group: null,
    last_text: "…",
    last_sender: "visitor",
    last_date: change.since ?? now,
    unread: 0,
    ...change,
  };
}

function line(seq: number, text: string, date: number, from?: Operator): Message {
  const own = from?.id === ME.id;
  const key = `m${String(seq)}`;
  return {
    ...ownMessage(key, text, date),
    uid: own ? key : null,
    sender: from ? "operator" : "visitor",
    mine: own,
    operator: from ?? null,
    seq,
    status: "sent",
  };
}

function event(seq: number, kind: Message["kind"], date: number, more: Partial<Message> = {}): Message {
  return { ...systemLine(kind, `m${String(seq)}`, date, null), seq, ...more };
}

function talk(now: number, ru: boolean): Conversation {
  const day = now - 24 * 60 * MINUTE;
  const pending = (uid: string, text: string, status: Message["status"]) => ({
    ...ownMessage(uid, text, now),
    operator: ME,
    status,
    code: status === "failed" ? "forbidden" : null,
  });
  const say = (en: string, other: string) => (ru ? other : en);
  return {
    visitor: "7c1e0b52-6b1d",
    more: false,
    receipts: { delivered: 12, read: 11 },
    typing: say(
      "or would Sunday be better, because then I could",
      "или лучше в воскресенье, потому что тогда я",
    ),
    messages: [
      event(1, "opened", day),
      line(2, say("Good afternoon", "Добрый день"), day),
      line(3, say("Do you deliver on weekends?", "Вы доставляете по выходным?"), day + 20_000),
      event(4, "joined", day + 30_000, { operator: OTHER }),
      line(5, say("We do, until six.", "Да, до шести вечера."), day + MINUTE, OTHER),
      event(6, "closed", day + 3 * MINUTE, { reason: "closed_by_visitor" }),
      event(7, "opened", now - 26 * MINUTE),
      line(
        8,
        say(
          "Hello again! My parcel 4415-20 should have come yesterday. The page says “out for delivery”, but nobody rang.",
          "Здравствуйте ещё раз! Посылка 4415-20 должна была прийти вчера. На странице «передана курьеру», но никто не звонил.",
        ),
        now - 26 * MINUTE,
      ),
      event(9, "joined", now - 25 * MINUTE, { operator: ME }),
      line(
        10,
        say("Good morning, Maria. I am looking.", "Доброе утро, Мария. Смотрю."),
        now - 25 * MINUTE,
        ME,
      ),
      line(
        11,
        say(
          "It went back to the depot because the bell did not work. Shall I send it again tomorrow?",
          "Она вернулась на склад: не работал звонок. Отправить её снова завтра?",
        ),
        now - 25 * MINUTE + 9_000,
        ME,
      ),
      line(12, say("You can also collect it.", "Её можно и забрать самой."), now - 2 * MINUTE, ME),
      line(13, say("Could I collect it on Saturday instead?", "А можно забрать в субботу?"), now - MINUTE),
      line(14, say("Yes, from nine on.", "Да, с девяти."), now - 30_000, ME),
      pending(
        "q1",
        say("The address is in your confirmation.", "Адрес есть в подтверждении заказа."),
        "queued",
      ),
      pending("q2", say("This one was refused.", "Это сообщение не приняли."), "failed"),
      pending("q3", say("And this one has waited since the day before.", "А это ждёт с позавчера."), "held"),
    ],
  };
}

function longest(now: number): Conversation {
  return {
    ...emptyConversation("c0ffee00-2222"),
    messages: [
      event(1, "opened", now - 50 * MINUTE),
      line(2, "W".repeat(2_000), now - 49 * MINUTE),
      line(3, `https://example.com/${"a-very-long-path/".repeat(20)}`, now - 48 * MINUTE, ME),
      line(4, "<b>not bold</b> & <img src=x onerror=alert(1)>", now - 47 * MINUTE),
    ],
  };
}

function rightToLeft(now: number): Conversation {
  return {
    ...emptyConversation("a4ab1c00-3333"),
    receipts: { delivered: 3, read: 3 },
    messages: [
      event(1, "opened", now - 12 * MINUTE),
      line(2, "مرحبًا، كيف أغيّر عنوان التسليم؟ رقم الطلب 4415-20 (DHL).", now - 12 * MINUTE),
      line(3, "أهلًا ليلى! غيّرته لك الآن.", now - 10 * MINUTE, ME),
      line(4, "شكرًا جزيلًا على المساعدة!", now - 9 * MINUTE),
    ],
  };
}

function thousand(now: number): Conversation {
  const messages = Array.from({ length: 1_500 }, (_, index) =>
    line(
      index + 1,
      `Line ${String(index + 1)}`,
      now - (1_500 - index) * 30_000,
      index % 3 === 0 ? OTHER : undefined,
    ),
  );
  return { ...emptyConversation("b0b00000-4444"), messages };
}
