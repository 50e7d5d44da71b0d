// The settings' verbs without an app: for looking at them in a browser and for tests.
// `?screen=settings&face=visitor&lang=ru&hosting&checks=bad&crashes=2&secrets=session&fail=saveAlerts`.
import type { AlertKind } from "../generated/AlertKind";
import type { AppFace } from "../generated/AppFace";
import type { Check } from "../generated/Check";
import type { CheckPart } from "../generated/CheckPart";
import type { CheckState } from "../generated/CheckState";
import type { Connected } from "../generated/Connected";
import type { CrashReport } from "../generated/CrashReport";
import type { DesktopSettings } from "../generated/DesktopSettings";
import type { Reach } from "../generated/Reach";
import type { Saved } from "../generated/Saved";
import type { SecretsPlace } from "../generated/SecretsPlace";
import type { SecretsSettings } from "../generated/SecretsSettings";
import type { SettingsBackend } from "./backend";
import { MEMORY_LINK } from "./memory-doors";
import { memoryExport } from "./memory-export";

const KINDS: Record<AppFace, AlertKind[]> = {
  visitor: ["invitation", "words", "closed"],
  operator: ["waiting", "words", "unanswered", "transfer", "request"],
};
const PLACES: readonly SecretsPlace[] = ["keyring", "passphrase", "session"];

/** How long a memory verb takes (milliseconds). */
const BEAT_MS = 300;

/** Settings in memory. */
export function memorySettings(query: URLSearchParams): SettingsBackend {
  const settings = settingsOf(query);
  const ru = query.get("lang") === "ru";
  let crashes = crashesOf(Number(query.get("crashes") ?? 0));
  const failing = (query.get("fail") ?? "").split(",");

  async function beat(verb: string): Promise<void> {
    await new Promise((done) => setTimeout(done, BEAT_MS));
    if (!failing.includes(verb)) return;
    const message = ru ? "На диске не осталось места." : "The disk is full.";
    throw Object.assign(new Error(message), { code: "disk_full" });
  }

  async function written(verb: string, saved: Saved): Promise<Saved | null> {
    await beat(verb);
    return query.has("cancel") ? null : saved;
  }

  /** The passphrase is "correct horse". */
  async function moved(verb: string, now: string | null, place: SecretsPlace): Promise<SecretsSettings> {
    await beat(verb);
    const message = ru ? "Эта фраза не открывает ключи." : "This passphrase does not open the keys.";
    if (settings.secrets === "passphrase" && now !== "correct horse")
      throw Object.assign(new Error(message), { code: "passphrase_wrong" });
    settings.secrets = place;
    return { place, fixed: false };
  }

  return {
    settings: async () => {
      if (query.has("slow")) await new Promise(() => undefined);
      await beat("settings");
      return structuredClone(settings);
    },
    saveAlerts: async (alerts) => {
      await beat("saveAlerts");
      settings.alerts = structuredClone(alerts);
    },
    setAutostart: async (on) => {
      await beat("setAutostart");
      settings.autostart = on;
    },
    setClosing: async (choice) => {
      await beat("setClosing");
      settings.keep_in_tray = choice;
    },
    testAlert: async () => beat("testAlert"),
    testSound: async () => beat("testSound"),
    check: async (part) => {
      await beat("check");
      return checkOf(part, query.get("checks") ?? "mixed", ru);
    },
    logs: async () => {
      await beat("logs");
      return "/home/anna/.local/share/app.deskbell/operator/logs";
    },
    crashes: async () => {
      await beat("crashes");
      return structuredClone(crashes);
    },
    saveCrash: async () => written("saveCrash", savedAs("crash.txt", 4_210)),
    discardCrash: async (id) => {
      await beat("discardCrash");
      crashes = crashes.filter((report) => report.id !== id);
    },
    ...memoryExport(query, beat),
    backup: async () => written("backup", savedAs("desk-2026-05-12.backup", 18_734_080)),
    forgetDesk: async () => beat("forgetDesk"),
    erase: async () => beat("erase"),
    secrets: async () => {
      await beat("secrets");
      return { place: settings.secrets, fixed: query.has("fixed") };
    },
    setPassphrase: async (now) => moved("setPassphrase", now, "passphrase"),
    useKeyring: async (now) => moved("useKeyring", now, "keyring"),
    reach: async () => {
      await beat("reach");
      return reachOf(ru);
    },
    connected: async () => {
      await beat("connected");
      return connectedOf(Number(query.get("people") ?? 4));
    },
    close: async () => Promise.resolve(),
  };
}

function settingsOf(query: URLSearchParams): DesktopSettings {
  const face: AppFace = query.get("face") === "visitor" ? "visitor" : "operator";
  const link = "deskbell://join?desk=192.168.1.5:7717&site=main&key=3q2-7wAAAAAA4fWq8m0ZlB2k9Qm1Zs";
  const problem = query.has("stopped") ? { code: "port_in_use", message: "Port 7717 is taken." } : null;
  return {
    face,
    alerts: {
      kinds: KINDS[face].map((kind) => ({ kind, show: true, sound: kind !== "request" })),
      hide_words: false,
      grouping: true,
      volume: 70,
      quiet: query.has("quiet") ? { from: 1320, to: 450 } : null,
      unanswered_s: 120,
    },
    autostart: false,
    keep_in_tray: "tray",
    hosting: query.has("hosting") ? { address: "0.0.0.0:7717", link, problem } : null,
    desk: query.has("hosting") ? "127.0.0.1:7717" : MEMORY_LINK,
    profile: face,
    secrets: PLACES.find((place) => place === query.get("secrets")) ?? "keyring",
    version: "0.4.0",
  };
}

function savedAs(name: string, bytes: number): Saved {
  return { path: `/home/anna/Documents/${name}`, bytes };
}

function crashesOf(count: number): CrashReport[] {
  return Array.from({ length: count }, (_, at) => ({
    id: `crash-${String(at + 1)}`,
    when: Date.UTC(2026, 4, 12 - at, 9, 41),
    text: `deskbell 0.4.0, linux x86_64, WebKitGTK 2.50.6
thread: desktop
panicked at src-tauri/desktop/mod.rs:142:17
   0: deskbell::desktop::run
   1: std::thread::spawn
   2: a_very_long_name_of_a_function_that_does_not_fit_into_any_window_of_any_width_whatever_one_tries::{{closure}}`,
  }));
}

function connectedOf(count: number): Connected[] {
  const names = ["Olga Smirnova", null, "Ben", null, "Анна-Мария Константинопольская", "مريم العلي"];
  return Array.from({ length: count }, (_, at) => ({
    name: names[at % names.length] ?? null,
    side: at === 0 ? "operator" : "visitor",
  }));
}

function reachOf(ru: boolean): Reach {
  return {
    listen: "0.0.0.0:7717",
    addresses: [
      { address: "127.0.0.1:7717", reachable: "yes", scope: "computer" },
      { address: "192.168.1.5:7717", reachable: "yes", scope: "network" },
      { address: "[2001:db8:85a3::8a2e:370:7334]:7717", reachable: "unknown", scope: "internet" },
    ],
    advice: ru
      ? [
          "Посетители из интернета не достучатся: откройте порт 7717 на роутере или поставьте перед сервером обратный прокси.",
        ]
      : [
          "Visitors on the internet do not get here: open port 7717 on the router, or put a reverse proxy in front.",
        ],
  };
}

const SENTENCES: Record<CheckPart, [good: string, bad: string, advice: string]> = {
  connection: [
    "Connected to desk.example:7717 since 09:12, an answer takes 24 ms.",
    "Nobody answers at desk.example:7717.",
    "See whether this computer is online. What you write is kept and goes out by itself.",
  ],
  store: ["4,112 messages, 3.4 MB.", "The disk is full.", "Make room: nothing is lost meanwhile."],
  keyring: ["Open.", "The keyring is locked.", "Open it with your password, or choose a passphrase."],
  tray: [
    "The tray shows the bell.",
    "This desktop has no tray.",
    "Closing the window then asks. GNOME needs the AppIndicator extension for a tray.",
  ],
  notifications: [
    "dunst 1.9 takes them.",
    "No notification service runs.",
    "Install one, for example dunst. Until then the tray and the window’s title count.",
  ],
  sound: ["The device is free.", "There is no sound device.", "Plug one in; alerts are shown all the same."],
  hosting: ["The desk answers.", "The desk does not answer.", "Start the program anew."],
};

function checkOf(part: CheckPart, mood: string, ru: boolean): Check {
  const mixed: Partial<Record<CheckPart, CheckState>> = {
    tray: "warn",
    notifications: "bad",
    sound: "unknown",
  };
  const state = mood === "good" ? "good" : mood === "bad" ? "bad" : (mixed[part] ?? "good");
  const [good, bad, advice] = SENTENCES[part];
  if (state === "unknown") {
    const sentence = ru ? "За пять секунд ответа не было." : "It gave no answer within five seconds.";
    return { part, state, sentence, advice: null };
  }
  return { part, state, sentence: state === "good" ? good : bad, advice: state === "good" ? null : advice };
}
