// The pages' interface over Tauri's commands and channels. The only file that knows the shell.
//
// What must always hold: no update reaches a page before its boot has resolved, and none is lost or overtaken.
import { Channel, invoke, type InvokeArgs } from "@tauri-apps/api/core";
import type { AppBoot } from "../generated/AppBoot";
import type { Check } from "../generated/Check";
import type { Connected } from "../generated/Connected";
import type { Conversation } from "../generated/Conversation";
import type { CrashReport } from "../generated/CrashReport";
import type { DesktopSettings } from "../generated/DesktopSettings";
import type { DeskPlace } from "../generated/DeskPlace";
import type { Device } from "../generated/Device";
import type { Exported } from "../generated/Exported";
import type { ExportProgress } from "../generated/ExportProgress";
import type { FilesHeld } from "../generated/FilesHeld";
import type { FilesPage } from "../generated/FilesPage";
import type { FileWords } from "../generated/FileWords";
import type { LinkCode } from "../generated/LinkCode";
import type { Message } from "../generated/Message";
import type { MessagesPage } from "../generated/MessagesPage";
import type { NewPiece } from "../generated/NewPiece";
import type { OperatorBoot } from "../generated/OperatorBoot";
import type { OperatorUpdate } from "../generated/OperatorUpdate";
import type { PackAnswer } from "../generated/PackAnswer";
import type { PersonCard } from "../generated/PersonCard";
import type { Problem } from "../generated/Problem";
import type { Reach } from "../generated/Reach";
import type { Saved } from "../generated/Saved";
import type { SecretsSettings } from "../generated/SecretsSettings";
import type { VisitorBoot } from "../generated/VisitorBoot";
import type { VisitorUpdate } from "../generated/VisitorUpdate";
import type {
  AppBackend,
  FilesBackend,
  KeysBackend,
  OperatorBackend,
  Outcome,
  SettingsBackend,
  Staging,
  VisitorBackend,
} from "./backend";

/** The visitor's verbs over the shell. */
export function tauriVisitor(): VisitorBackend {
  return {
    files: tauriFiles("visitor", () => ({})),
    boot: (listener) => boot<VisitorBoot, VisitorUpdate>("visitor_boot", listener),
    send: (text, group) => request<Message>("send", { text, group }),
    want: (uid, wish) => request<null>("want", { uid, wish }),
    history: (before) => request<MessagesPage>("history", { before }),
    typing: (text) => call("visitor_typing", { text }),
    read: (seq) => call("visitor_read", { seq }),
    resend: (uid) => call("visitor_resend", { uid }),
    discard: (uid) => call("visitor_discard", { uid }),
    reconnect: () => call("visitor_reconnect"),
    linkCode: () => call<LinkCode>("visitor_link_code"),
    devices: () => call<Device[]>("visitor_devices"),
    revoke: (device) => call("visitor_revoke", { device }),
    link: (code) => call("visitor_link", { code }),
    pack: () => call<PackAnswer>("visitor_pack"),
    packFlaw: (report) => call<Problem>("visitor_pack_flaw", { report }),
    packUp: () => void call("visitor_pack_up").catch(() => undefined),
    settings: () => call("visitor_settings"),
  };
}

/** The operator's verbs over the shell. */
export function tauriOperator(): OperatorBackend {
  return {
    files: {
      ...tauriFiles<[visitor: string]>("operator", (visitor) => ({ visitor })),
      saveAll: (keys) => call<Saved | null>("operator_files_save", { keys }),
    },
    boot: (listener) => boot<OperatorBoot, OperatorUpdate>("operator_boot", listener),
    setup: (name, login, password) => call("operator_setup", { name, login, password }),
    signIn: (login, password) => call("operator_sign_in", { login, password }),
    signOut: () => call("operator_sign_out"),
    setOnline: (online) => call("operator_set_online", { online }),
    open: (visitor) => call<Conversation>("operator_open", { visitor }),
    history: (visitor, before) => call<MessagesPage>("operator_history", { visitor, before }),
    send: (visitor, text) => call<Message>("operator_send", { visitor, text }),
    closeChat: (visitor) => call("operator_close_chat", { visitor }),
    want: (visitor, wish) => call("operator_want", { visitor, wish }),
    person: (visitor) => call<PersonCard>("operator_person", { visitor }),
    saveSite: (settings) => call("operator_save_site", { settings }),
    setGroups: (operator, groups) => call("operator_set_groups", { operator, groups }),
    testMail: (to) => call("operator_test_mail", { to }),
    typing: (visitor, typing) => call("operator_typing", { visitor, typing }),
    read: (visitor, seq) => call("operator_read", { visitor, seq }),
    inView: (visitor) => call("operator_in_view", { visitor }),
    resend: (uid) => call("operator_resend", { uid }),
    discard: (uid) => call("operator_discard", { uid }),
    setPassword: (operator, password) => call("operator_set_password", { operator, password }),
    reconnect: () => call("operator_reconnect"),
    settings: () => call("operator_settings"),
  };
}

/** Bytes of a file that go to the shell at once. */
const PIECE = 1024 * 1024;

/** The files' verbs over the shell; `named` makes the arguments that name the conversation. */
function tauriFiles<To extends unknown[]>(face: string, named: (...to: To) => object): FilesBackend<To> {
  const verb = <T = void>(name: string, args: object): Promise<T> =>
    call<T>(`${face}_file_${name}`, { ...args });
  const take = async (id: string, file: File): Promise<void> => {
    try {
      for (let at = 0; at < file.size; at += PIECE)
        await putPiece(id, await bytesOf(file.slice(at, at + PIECE)));
      await verb("end", { id });
    } catch (reason) {
      await verb("unstage", { id }).catch(() => undefined);
      throw reason;
    }
  };
  const begin = async (file: File, ...to: To): Promise<Staging> => {
    const piece: NewPiece = { name: file.name, size: file.size, media: file.type };
    const id = await verb<string>("begin", { file: piece, ...named(...to) });
    return { id, taken: take(id, file) };
  };
  return {
    choose: (...to) => verb("choose", named(...to)),
    begin,
    stage: async (file, ...to) => {
      const { id, taken } = await begin(file, ...to);
      await taken;
      return id;
    },
    unstage: (id) => verb("unstage", { id }),
    setDetails: (id, keep) => verb("details", { id, keep }),
    send: (ids, caption, group, ...to) => verb<Message[]>("send", { ids, caption, group, ...named(...to) }),
    pause: (key) => verb("pause", { key }),
    resume: (key) => verb("resume", { key }),
    cancel: (key) => verb("cancel", { key }),
    fetch: (key) => verb("fetch", { key }),
    save: (key) => verb<Saved | null>("save", { key }),
    open: (key) => verb("open", { key }),
    show: (key) => verb("show", { key }),
    words: (key) => verb<FileWords>("words", { key }),
    list: (before, chat, name, ...to) =>
      call<FilesPage>(`${face}_files`, { before, chat, name, ...named(...to) }),
    preview: (key, px) => deskUrl(`preview/${encodeURIComponent(key)}${px ? `?px=${String(px)}` : ""}`),
    link: (key, name) => deskUrl(`file/${encodeURIComponent(key)}/${encodeURIComponent(name)}`),
  };
}

/** A file on a disk may have changed or gone since it was chosen: reading it says so. */
async function bytesOf(piece: Blob): Promise<ArrayBuffer> {
  try {
    return await piece.arrayBuffer();
  } catch {
    // The code is Rust's; its sentence comes with the staged file, or from the page's own catalogue.
    throw { code: "file_gone", message: "" } satisfies Problem;
  }
}

/** A plain body of bytes, for the reason that `request` gives. */
async function putPiece(id: string, bytes: ArrayBuffer): Promise<void> {
  let answer: Outcome<null>;
  try {
    const response = await fetch(deskUrl(`piece/${encodeURIComponent(id)}`), { method: "POST", body: bytes });
    answer = (await response.json()) as Outcome<null>;
  } catch (reason) {
    throw asProblem(reason);
  }
  if ("problem" in answer) throw answer.problem;
}

/** The app's own verbs over the shell. */
export function tauriApp(): AppBackend {
  return {
    boot: () => call<AppBoot>("app_boot"),
    join: (address) => call("app_join", { address }),
    host: () => call("app_host"),
    readDesk: (address) => call<DeskPlace>("app_read_desk", { address }),
    answerLink: (answer, desk) => call("app_answer_link", { answer, desk }),
    quit: () => call("app_quit"),
    keys: tauriKeys(),
    ...tauriSettings(),
  };
}

/** The profile's keys. */
function tauriKeys(): KeysBackend {
  return {
    unlock: (passphrase) => call("app_secrets_unlock", { passphrase }),
    choose: (passphrase) => call("app_secrets_choose", { passphrase }),
    sessionOnly: () => call("app_secrets_session_only"),
    again: () => call("app_secrets_again"),
    beginAnew: () => call("app_secrets_anew"),
  };
}

/** What the settings ask for. */
function tauriSettings(): SettingsBackend {
  return {
    settings: () => call<DesktopSettings>("app_settings"),
    saveAlerts: (alerts) => call("app_save_alerts", { alerts }),
    setAutostart: (on) => call("app_set_autostart", { on }),
    setClosing: (choice) => call("app_set_closing", { choice }),
    testAlert: (kind) => call("app_test_alert", { kind }),
    testSound: (kind, volume) => call("app_test_sound", { kind, volume }),
    check: (part) => call<Check>("app_check", { part }),
    logs: () => call<string>("app_logs"),
    crashes: () => call<CrashReport[]>("app_crashes"),
    saveCrash: (id) => call<Saved | null>("app_save_crash", { id }),
    discardCrash: (id) => call("app_discard_crash", { id }),
    exportFiles: () => call<FilesHeld>("app_export_files"),
    export: (format, files, going) => {
      const channel = new Channel<ExportProgress>();
      channel.onmessage = going;
      return call<Exported | null>("app_export", { format, files, channel });
    },
    cancelExport: () => call("app_export_cancel"),
    backup: () => call<Saved | null>("app_backup"),
    forgetDesk: () => call("app_forget_desk"),
    erase: () => call("app_erase"),
    reach: () => call<Reach>("app_reach"),
    connected: () => call<Connected[]>("app_connected"),
    close: () => call("app_close"),
    secrets: () => call<SecretsSettings>("app_secrets"),
    setPassphrase: (now, next) => call<SecretsSettings>("app_secrets_set_passphrase", { now, new: next }),
    useKeyring: (now) => call<SecretsSettings>("app_secrets_use_keyring", { now }),
  };
}

async function boot<Boot, Update>(command: string, listener: (update: Update) => void): Promise<Boot> {
  const channel = new Channel<Update>();
  let held: Update[] | null = [];
  channel.onmessage = (update) => {
    if (held) held.push(update);
    else listener(update);
  };
  const answer = await call<Boot>(command, { channel });
  // A task of its own: whoever awaits the boot goes on first.
  setTimeout(() => {
    const waiting = held ?? [];
    // A listener may cause further updates: they queue behind those that wait.
    for (let update = waiting.shift(); update !== undefined; update = waiting.shift()) listener(update);
    held = null;
  });
  return answer;
}

async function call<T = void>(command: string, args?: InvokeArgs): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (reason) {
    throw asProblem(reason);
  }
}

/**
 * A synchronous request to the app's own protocol. Its body goes as plain text: a body declared as JSON would make
 * the webview ask for permission first (CORS preflight), which costs a round trip.
 */
function request<T>(path: string, body: unknown): Outcome<T> {
  try {
    const xhr = new XMLHttpRequest();
    xhr.open("POST", deskUrl(path), false);
    xhr.send(JSON.stringify(body));
    return JSON.parse(xhr.responseText) as Outcome<T>;
  } catch (reason) {
    return { problem: asProblem(reason) };
  }
}

/** Windows and Android serve an app's own protocols under http(s) host names, the others under the scheme itself. */
function deskUrl(path: string): string {
  const { protocol } = window.location;
  return protocol === "http:" || protocol === "https:"
    ? `${protocol}//desk.localhost/${path}`
    : `desk://localhost/${path}`;
}

/** Commands reject with a `Problem`; the shell itself rejects with a string when it refuses a call. */
function asProblem(reason: unknown): Problem {
  if (typeof reason === "object" && reason !== null && "code" in reason && "message" in reason) {
    return { code: String(reason.code), message: String(reason.message) };
  }
  console.error("The app did not take a call:", reason);
  return { code: "no_answer", message: "" };
}
