// What a memory desk knows beside conversations: its settings, its operators, what visitors left and who they are.
import type { Locale } from "../generated/Locale";
import type { Operator } from "../generated/Operator";
import type { PersonCard } from "../generated/PersonCard";
import type { RequestBody } from "../generated/RequestBody";
import type { RequestLine } from "../generated/RequestLine";
import type { SiteView } from "../generated/SiteView";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LONG = "Maximiliana Featherstonehaugh-Cholmondeley von Wolkenstein-Rodenegg";

/** A site where nothing was set yet. */
export function emptySite(me: Operator): SiteView {
  return {
    settings: {
      version: 1,
      form: {
        title: "",
        banner_color: "",
        group_title: "",
        groups: [],
        fields: [],
        offline_fields: [],
        rating: true,
        mail: false,
        retention: { messages: [], way: null, way_after_s: 0 },
        consent: null,
        files: { enabled: true, max_bytes: 26_214_400, types: [], groups: [] },
      },
      rules: [],
      times: { invite_s: 300, idle_s: 3_600, gone_s: 1_800 },
      mail: null,
      quota: { visitor_day_bytes: 104_857_600, site_bytes: 10_737_418_240 },
    },
    operators: [{ operator: me, groups: [], admin: true, online: true }],
    admin: true,
  };
}

/** A site that has been lived in. */
export function busySite(me: Operator, other: Operator, locale: Locale): SiteView {
  const say = (en: string, ru: string) => (locale === "ru" ? ru : en);
  const site = emptySite(me);
  Object.assign(site.settings, { version: 14 });
  Object.assign(site.settings.form, {
    title: say("Northwind Lamps", "Лампы «Северный ветер»"),
    banner_color: "#e0b354",
    group_title: say("What is it about?", "О чём вопрос?"),
    groups: [
      { id: 1, name: say("Support", "Поддержка") },
      { id: 2, name: say("Orders and delivery", "Заказы и доставка") },
      { id: 5, name: "Русский язык / Русскоязычная поддержка для оптовых покупателей" },
    ],
    fields: [
      { name: "name", title: "", is_required: true },
      { name: "email", title: "", is_required: false },
    ],
    offline_fields: [
      { name: "name", title: "", is_required: false },
      { name: "phone", title: say("Your mobile", "Мобильный"), is_required: true },
    ],
    mail: true,
    retention: {
      messages: [
        {
          after_s: 30,
          text: say("We are looking for somebody for you.", "Ищем для вас свободного оператора."),
        },
        { after_s: 120, text: say("It takes longer than usual today.", "Сегодня ждать дольше обычного.") },
      ],
      way: "offline_message",
      way_after_s: 240,
    },
    consent: {
      version: 3,
      text: say("We keep this conversation for a year.", "Мы храним эту переписку один год."),
      url: "https://northwind.example/privacy",
    },
  });
  site.settings.rules = [
    {
      name: say("Somebody looks for a while", "Кто-то долго смотрит"),
      enabled: true,
      after_s: 90,
      visits: 0,
      online: true,
      every_h: 24,
      action: { invite: { text: say("Can I help you choose?", "Помочь вам с выбором?") } },
    },
    {
      name: say("Nobody is there", "Никого нет на месте"),
      enabled: false,
      after_s: 60,
      visits: 2,
      online: false,
      every_h: 0,
      action: { lead: { form: "call_generator" } },
    },
  ];
  site.settings.mail = {
    host: "mail.northwind.example",
    port: 587,
    security: "start_tls",
    login: "desk",
    ca_file: "",
    from: "desk@northwind.example",
    from_name: "Northwind",
  };
  site.operators.push({ operator: other, groups: [2, 5], admin: false, online: true });
  site.operators.push({
    operator: { id: "op-3", name: LONG, position: "" },
    groups: [1],
    admin: false,
    online: false,
  });
  return site;
}

/** What visitors left. */
export function someRequests(now: number, other: Operator, locale: Locale): RequestLine[] {
  const say = (en: string, ru: string) => (locale === "ru" ? ru : en);
  const offline = (text: string, more: Partial<RequestBody & { type: "offline" }> = {}): RequestBody => ({
    type: "offline",
    name: "",
    email: "",
    phone: "",
    text,
    group: null,
    ...more,
  });
  const at = new Date(now).setHours(15, 30, 0, 0);
  const half = say(
    "My lamp flickers since yesterday. Could somebody write to me how to send it back?",
    "Лампа мигает со вчерашнего дня. Напишите, пожалуйста, как её вернуть.",
  );
  return [
    request("r1", "f3f3f3f3-7777", "Ingrid", now - 5 * HOUR, offline(half, { email: "ingrid@example.test" })),
    request("r2", "7c1e0b52-6b1d", null, now - 40 * MINUTE, {
      type: "callback",
      name: say("Maria Lindgren", "Мария Лебедева"),
      phone: "+7 (495) 123-45-67",
      group: 2,
      at,
    }),
    request("r3", "d1d1d1d1-5555", null, now - 12 * MINUTE, {
      type: "lead",
      form: "personal_form",
      fields: { name: "Ёлка", phone: "8 800 555-35-35", [say("Room", "Комната")]: say("Kitchen", "Кухня") },
    }),
    request("r4", "a4ab1c00-3333", "ليلى حدّاد", now - 9 * MINUTE, offline("شكرًا، أريد تغيير العنوان.")),
    request("r5", "c0ffee00-2222", LONG, now - 8 * MINUTE, offline("W".repeat(2_000), { group: 5 })),
    request(
      "r6",
      "5e5e0000-1111",
      "<b>Bob</b>",
      now - 7 * MINUTE,
      offline("<img src=x onerror=alert(1)>", { phone: "+1.202.555.0143" }),
    ),
    {
      ...request("r7", "f3f3f3f3-7777", "Ingrid", now - 30 * HOUR, {
        type: "callback",
        name: "",
        phone: "112-345",
        group: null,
        at: null,
      }),
      done_by: other,
    },
  ];
}

/** A hundred more. */
export function manyRequests(now: number): RequestLine[] {
  return Array.from({ length: 100 }, (_, index) =>
    request(`many-${String(index)}`, "ab12f09d-8e77", `Visitor Number ${String(index)}`, now - index * HOUR, {
      type: "callback",
      name: "",
      phone: `+44 20 7946 ${String(1_000 + index)}`,
      group: (index % 3) + 1,
      at: null,
    }),
  );
}

/** Somebody of whom nothing is known but that he is there. */
export function aPerson(visitor: string, now: number): PersonCard {
  return {
    visitor,
    card: { name: "", emails: [], phones: [] },
    first_seen: now,
    last_seen: now,
    visits: 1,
    chats: 0,
    ratings: [],
    consented: 0,
    banned: false,
    devices: 1,
  };
}

/** Somebody of whom much is known. */
export function aRegular(visitor: string, name: string, operators: readonly Operator[]): PersonCard {
  const now = Date.now();
  const marks = [5, 4, 1, 5, 3];
  return {
    ...aPerson(visitor, now),
    card: {
      name,
      emails: ["maria.lindgren@example.test", "orders+lamps@a-rather-long-domain-name.example.test"],
      phones: ["+7 (495) 123-45-67"],
    },
    first_seen: now - 200 * 24 * HOUR,
    visits: 31,
    chats: 12,
    ratings: marks.flatMap((mark, index) => {
      const operator = operators[index % operators.length];
      const date = now - (index * 9 + 1) * 24 * HOUR;
      return operator ? [{ chat_id: `chat-${String(index)}`, operator, mark, date }] : [];
    }),
    consented: 3,
    devices: 2,
  };
}

function request(
  id: string,
  visitor: string,
  name: string | null,
  date: number,
  body: RequestBody,
): RequestLine {
  return { id, visitor, visitor_name: name, date, body, done_by: null };
}
