// The one interface to Rust. Pages, stores and the consultant's runtime know this file and nothing below it.
import type { AlertKind } from "../generated/AlertKind";
import type { AlertSettings } from "../generated/AlertSettings";
import type { AppBoot } from "../generated/AppBoot";
import type { Check } from "../generated/Check";
import type { CheckPart } from "../generated/CheckPart";
import type { Closing } from "../generated/Closing";
import type { Connected } from "../generated/Connected";
import type { Conversation } from "../generated/Conversation";
import type { CrashReport } from "../generated/CrashReport";
import type { DesktopSettings } from "../generated/DesktopSettings";
import type { DeskPlace } from "../generated/DeskPlace";
import type { Device } from "../generated/Device";
import type { Exported } from "../generated/Exported";
import type { ExportFiles } from "../generated/ExportFiles";
import type { ExportFormat } from "../generated/ExportFormat";
import type { ExportProgress } from "../generated/ExportProgress";
import type { FilesHeld } from "../generated/FilesHeld";
import type { FilesPage } from "../generated/FilesPage";
import type { FileWords } from "../generated/FileWords";
import type { FlawReport } from "../generated/FlawReport";
import type { LinkAnswer } from "../generated/LinkAnswer";
import type { LinkCode } from "../generated/LinkCode";
import type { Message } from "../generated/Message";
import type { MessagesPage } from "../generated/MessagesPage";
import type { OperatorBoot } from "../generated/OperatorBoot";
import type { OperatorUpdate } from "../generated/OperatorUpdate";
import type { OperatorWish } from "../generated/OperatorWish";
import type { PackAnswer } from "../generated/PackAnswer";
import type { PersonCard } from "../generated/PersonCard";
import type { Problem } from "../generated/Problem";
import type { Reach } from "../generated/Reach";
import type { Saved } from "../generated/Saved";
import type { SecretsSettings } from "../generated/SecretsSettings";
import type { SiteSettings } from "../generated/SiteSettings";
import type { VisitorBoot } from "../generated/VisitorBoot";
import type { VisitorUpdate } from "../generated/VisitorUpdate";
import type { VisitorWish } from "../generated/VisitorWish";

/** What a synchronous request answers. */
export type Outcome<T> = { ok: T } | { problem: Problem };

/** A page's own file that is being taken in. */
export interface Staging {
  id: string;
  /** Rejects with a `Problem`: then nothing of it stays. */
  taken: Promise<void>;
}

/**
 * Files, chosen, on their way and received. `To` names the conversation: nothing for the visitor, the visitor's id for
 * the operator. Each rejects with a `Problem`. A failed one is tried again by `resend` and dropped by `discard`, by uid.
 */
export interface FilesBackend<To extends unknown[]> {
  /** The system's dialog; what was chosen comes as `staged`. */
  choose(...to: To): Promise<void>;
  /** As `stage`, but resolves with the staged id at once, and says for itself when all of it was taken in. */
  begin(file: File, ...to: To): Promise<Staging>;
  /** A page's own file, in pieces of 1 MiB; resolves with its staged id once all of it was taken in. */
  stage(file: File, ...to: To): Promise<string>;
  /** Thinks better of a staged one. */
  unstage(id: string): Promise<void>;
  /** Does the picture keep what it says of place, time and camera? */
  setDetails(id: string, keep: boolean): Promise<void>;
  /** One message for each file, in order, the caption with the first; durable when it resolves. */
  send(ids: string[], caption: string, group: number | null, ...to: To): Promise<Message[]>;
  pause(key: string): Promise<void>;
  resume(key: string): Promise<void>;
  cancel(key: string): Promise<void>;
  /** Its bytes to this device. */
  fetch(key: string): Promise<void>;
  /** Asks where; `null`: nowhere, the person thought better of it. */
  save(key: string): Promise<Saved | null>;
  open(key: string): Promise<void>;
  /** In its folder. */
  show(key: string): Promise<void>;
  /** The first words of a text. */
  words(key: string): Promise<FileWords>;
  /** Newest first, the page before that line's key; of one chat, or of all; with every word of `name` in its name. */
  list(before: string | null, chat: string | null, name: string, ...to: To): Promise<FilesPage>;
  /** The address of its picture for an `img`, by key or by staged id; at most `px` wide and high. */
  preview(key: string, px?: number): string;
  /** The file's address: an `img` shows its picture, a click on a link asks what to do with it. */
  link(key: string, name: string): string;
}

/** The operator's: those of one visitor's conversation are named by the visitor. */
export interface OperatorFilesBackend extends FilesBackend<[visitor: string]> {
  /** Asks for a folder, and saves those of them there that are here; `null`: into none. */
  saveAll(keys: string[]): Promise<Saved | null>;
}

/** The visitor's verbs. `send` and `history` return only when it is done: the row is on the disk, the page is whole. */
export interface VisitorBackend {
  files: FilesBackend<[]>;
  /** Returns the mirror; updates after it come to `listener`, in order, none before the promise has resolved. */
  boot(listener: (update: VisitorUpdate) => void): Promise<VisitorBoot>;
  /** Words; the group counts where they open a chat. */
  send(text: string, group: number | null): Outcome<Message>;
  /** A wish under a name that the page made (a UUIDv4); an update of kind `answer` with that name answers it. */
  want(uid: string, wish: VisitorWish): Outcome<null>;
  /** The page before this seq; `null`: the newest. Its `more`: the next one would hold something now. */
  history(before: number | null): Outcome<MessagesPage>;
  typing(text: string): Promise<void>;
  /** Everything up to this seq was seen. */
  read(seq: number): Promise<void>;
  resend(uid: string): Promise<void>;
  discard(uid: string): Promise<void>;
  /** The person asks to try again after the line has stopped. */
  reconnect(): Promise<void>;
  /** A one-time code that links another device to this visitor; rejects with a `Problem`. */
  linkCode(): Promise<LinkCode>;
  /** The devices that may speak for this visitor. */
  devices(): Promise<Device[]>;
  /** Takes a device's right to speak for this visitor away. */
  revoke(device: string): Promise<void>;
  /** Links this device to the visitor who made the code; on success the window starts anew as that visitor. */
  link(code: string): Promise<void>;
  /** The form that the page is to run. Rejects with a `Problem` only where the app itself has one. */
  pack(): Promise<PackAnswer>;
  /** What is wrong, as a sentence that names the file and the line. */
  packFlaw(report: FlawReport): Promise<Problem>;
  /** The form is up: from here on nobody waits for it. */
  packUp(): void;
  /** Opens the app's own window at the settings. */
  settings(): Promise<void>;
}

/** The operator's verbs. Each rejects with a `Problem`. */
export interface OperatorBackend {
  files: OperatorFilesBackend;
  boot(listener: (update: OperatorUpdate) => void): Promise<OperatorBoot>;
  setup(name: string, login: string, password: string): Promise<void>;
  signIn(login: string, password: string): Promise<void>;
  signOut(): Promise<void>;
  setOnline(online: boolean): Promise<void>;
  open(visitor: string): Promise<Conversation>;
  history(visitor: string, before: number): Promise<MessagesPage>;
  send(visitor: string, text: string): Promise<Message>;
  closeChat(visitor: string): Promise<void>;
  /** Durable once it resolves; a refusal by the desk comes as an update of kind `error`. */
  want(visitor: string, wish: OperatorWish): Promise<void>;
  person(visitor: string): Promise<PersonCard>;
  /** `settings.version` is the one that was changed. */
  saveSite(settings: SiteSettings): Promise<void>;
  /** No groups: all. */
  setGroups(operator: string, groups: number[]): Promise<void>;
  /** Has the desk send a mail, to see whether it comes. */
  testMail(to: string): Promise<void>;
  /** Gives another operator a new password: every session of theirs ends at once. Administrators alone. */
  setPassword(operator: string, password: string): Promise<void>;
  typing(visitor: string, typing: boolean): Promise<void>;
  read(visitor: string, seq: number): Promise<void>;
  /** The conversation that the page shows, which needs no alert while somebody looks at it; `null`: none. */
  inView(visitor: string | null): Promise<void>;
  resend(uid: string): Promise<void>;
  discard(uid: string): Promise<void>;
  /** The person asks to try again after the line has stopped. */
  reconnect(): Promise<void>;
  /** Opens the app's own window at the settings. */
  settings(): Promise<void>;
}

/**
 * The answers to what is asked before the profile's keys are open, in the app's own window. Each rejects with a `Problem`;
 * on success the window is replaced.
 */
export interface KeysBackend {
  /** Opens them with their passphrase. A wrong one takes its time. */
  unlock(passphrase: string): Promise<void>;
  /** Makes new ones under a passphrase. */
  choose(passphrase: string): Promise<void>;
  /** Makes new ones that are kept nowhere. */
  sessionOnly(): Promise<void>;
  /** Asks the keyring again. */
  again(): Promise<void>;
  /** Sets aside what is on the disk, and begins as at the first start. */
  beginAnew(): Promise<void>;
}

/** The app's own window. */
export interface AppBackend extends SettingsBackend {
  /** The profile's keys. */
  keys: KeysBackend;
  boot(): Promise<AppBoot>;
  /** A `deskbell://join` link or an address; rejects with a `Problem`. On success the window is replaced. */
  join(address: string): Promise<void>;
  /** An operator starts a desk on this computer; rejects with a `Problem`. */
  host(): Promise<void>;
  /** Where a pasted link or address leads, before anything is done about it; rejects with a `Problem`. */
  readDesk(address: string): Promise<DeskPlace>;
  /** What becomes of the link that was opened, `desk` by its link. On `leave` and `beside` it is looked for first. */
  answerLink(answer: LinkAnswer, desk: string): Promise<void>;
  /** Asks first where others are connected to the desk inside this program. */
  quit(): Promise<void>;
}

/** The settings of the program itself, in the app's own window. Each rejects with a `Problem`. */
export interface SettingsBackend {
  settings(): Promise<DesktopSettings>;
  saveAlerts(alerts: AlertSettings): Promise<void>;
  setAutostart(on: boolean): Promise<void>;
  setClosing(choice: Closing): Promise<void>;
  /** Shows one alert of the kind, as it would come. */
  testAlert(kind: AlertKind): Promise<void>;
  /** Plays the kind's sound at this loudness, 0 to 100. */
  testSound(kind: AlertKind, volume: number): Promise<void>;
  /** Looks at a part; takes five seconds at most. */
  check(part: CheckPart): Promise<Check>;
  /** Shows the folder of the logs in the system's own way, and says where it is. */
  logs(): Promise<string>;
  crashes(): Promise<CrashReport[]>;
  /** The three that write a file ask where; `null`: nowhere, the person thought better of it. */
  saveCrash(id: string): Promise<Saved | null>;
  discardCrash(id: string): Promise<void>;
  /** The files of conversations that could be taken along. */
  exportFiles(): Promise<FilesHeld>;
  /** `going` is told from the moment on at which the person has said where; `null` also where the export was cancelled. */
  export(
    format: ExportFormat,
    files: ExportFiles,
    going: (progress: ExportProgress) => void,
  ): Promise<Exported | null>;
  cancelExport(): Promise<void>;
  backup(): Promise<Saved | null>;
  /** Both ask the person before anything goes; then the program ends. */
  forgetDesk(): Promise<void>;
  erase(): Promise<void>;
  reach(): Promise<Reach>;
  connected(): Promise<Connected[]>;
  /** Closes the window. */
  close(): Promise<void>;
  /** Where the keys are. */
  secrets(): Promise<SecretsSettings>;
  /** Keeps them under a passphrase; `now`: the one that opens them at present, where one does. */
  setPassphrase(now: string | null, next: string): Promise<SecretsSettings>;
  /** Moves them into the system's keyring, which may ask for its password meanwhile. */
  useKeyring(now: string | null): Promise<SecretsSettings>;
}
