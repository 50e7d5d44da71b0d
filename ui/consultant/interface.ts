// What controllers may call and hear, as types: docs/packs.md is made of them (ui/reference), and the runtime's classes
// are checked against them. Whatever a controller really hands over is checked again when it arrives.
import type { Answered } from "./answers";
import type { ChatMessage, PublicStatus } from "./message";

/** `{success, code?, info?: {title, message}}` */
export type Answer = Answered;

/** A group's id, as a number or as a text; `null` is none. */
export type GroupRef = string | number | null;

/** What an operator shows of himself. */
export interface OperatorVcard {
  name: string;
  position: string;
  avatar: string;
}

/** What a visitor says of himself: at most five addresses and numbers. */
export interface VisitorCard {
  name: string;
  email: string[];
  phone: string[];
}

/** `CallGear.UI.getWidget("consultant_chat")`. */
export interface ConsultantChat {
  /** Opens a chat; operators see the visitor as waiting. `startchat` answers. */
  startChat(): void;
  /** Ends the chat; operators see the visitor on site. `done` always runs, with the state `available`. `closechat` answers. */
  closeChat(done?: () => void): void;
  /** Is an operator with status online there, in this chat's group where one is chosen? Ours: with an id, one of that group. */
  isChatAvailable(groupId?: GroupRef): boolean;
  /** Sends the newest chat as a letter, at most its last 2,000 messages. `sendchatbymail` answers. */
  sendChatByMail(mail: string): void;
  /** Sends 1 to 8,000 characters, opens a chat where none is open, accepts an invitation. The message is on the disk when this returns; `messagestatus` tells the rest. */
  sendChatMessage(text: string, groupId?: GroupRef): ChatMessage;
  /** Gives the newest chat's operator 1 to 5; `null` takes the mark back. `setrating` answers, `ratingchange` follows. */
  setOperatorRating(mark: number | null): void;
  /** Would `getHistory()` return something? */
  hasHistory(): boolean;
  /** The next 20 messages back in time, newest first, each once; `false` where there are none. */
  getHistory(): ChatMessage[] | false;
  /** This chat's operator. */
  getOperatorVcard(): OperatorVcard | null;
  /** What the visitor has said of himself. */
  getVisitorCard(): VisitorCard;
  /** Adds to the card: a new address or number goes to the front, the sixth falls off, what is empty changes nothing. `done` always runs, with the card up to date. */
  setVisitorCard(card: { name?: string; email?: string; phone?: string }, done?: () => void): void;
  /** Accepts the invitation that waits. `inviteaccept` answers. */
  inviteAccept(): void;
  /** Declines it. `invitereject` answers. */
  inviteReject(): void;
  /** Sends the files of an `<input type=file>`, which it empties, or a `File`; opens a chat, accepts an invitation. Each is a message of its own, announced by `sendmessage` once it is on the disk; those of one call keep their order; what comes back is the first one's, with its `uid`. */
  sendFile(input: HTMLInputElement | File | Blob, groupId?: GroupRef): ChatMessage;
  /** Can a file be sent now: does the site take files in this chat? */
  isReadyForFileTransfer(): boolean;
  /** Ours. Stops an own file that is on its way, lets it go on (one that failed begins again), or thinks better of it: then `messagestatus` says `discarded`. */
  controlFile(uid: string, deed: "pause" | "resume" | "cancel"): void;
  /** Names of the required fields (`name`, `email`, `phone`) that the card still lacks. */
  getRequiredInfo(): string[];
  /** Where the visitor stands. */
  getState(): "available" | "invite" | "chat" | "lead";
  /** The operator sees the words as they are typed; call it on every key. */
  chatTyping(text: string): void;
  /** Operators' messages that were not seen yet. */
  getUnreadCounter(): number;
  /** All is seen, at once; `messageviewed` follows. */
  clearUnreadCounter(): void;
  /** Prints this chat. */
  printCurrentChat(): void;
}

/** Events of `consultant_chat`. */
export interface ConsultantChatEvents {
  /** An operator has come into the chat. */
  operatorjoined: OperatorVcard;
  /** The operator has left it. */
  operatorleave: { name: null; position: null; avatar: null };
  /** A message of an operator or the system, or of this visitor on another device; never an echo of words that this window sent, but a file that it sent comes this way. */
  sendmessage: ChatMessage;
  /** Nobody has answered in time: the site offers another way. */
  showchatretentionaction: { alternate_communication_way: "offline_message" | "sitephone" | "chat" };
  /** The first operator came online, or the last one left. */
  chatavailabilitychange: boolean;
  /** An invitation waits, with `invite_message`; again after a restart. */
  invite: ChatMessage;
  /** The answer to `startChat()`, also for a chat that a first message opened. */
  startchat: Answer;
  /** The answer to `closeChat()`. */
  closechat: Answer;
  /** The answer to `inviteAccept()`. */
  inviteaccept: Answer;
  /** The answer to `inviteReject()`. */
  invitereject: Answer;
  /** The answer to `setOperatorRating(mark)`. */
  setrating: Answer;
  /** The answer to `sendChatByMail(mail)`. */
  sendchatbymail: Answer;
  /** The mark; `null` also when a chat becomes one that can be rated. */
  ratingchange: number | null;
  /** The new state. */
  statechange: "available" | "invite" | "chat" | "lead";
  /** The operator types. */
  chattyping: undefined;
  /** Oldest first: after the start, and after an absence what was missed. */
  showhistory: ChatMessage[];
  /** All is seen. */
  messageviewed: undefined;
  /** Ours. How far an own message has come; `held` and `discarded` are codes of `failed`. */
  messagestatus: {
    uid: string;
    message_id: string | null;
    seq: number | null;
    status: PublicStatus;
    code?: string;
  };
  /** Ours. Bytes of an own file that are on the desk, bytes in all; `speed` in bytes a second, `left` in seconds, `null` while they are not known. */
  fileprogress: {
    uid: string;
    sent: number;
    total: number;
    state: "waiting" | "running" | "paused" | "failed";
    speed: number | null;
    left: number | null;
  };
  /** Ours. The line to the desk; `since` in Unix seconds. */
  connectionchange: {
    online: boolean;
    since: number;
    phase: "connecting" | "online" | "offline" | "stopped";
  };
  /** Ours. Something went wrong that answers no method. */
  error: { code: string; message: string };
  /** Ours. Older messages have come to this device: `hasHistory()` may say yes again. */
  historyavailable: undefined;
  /** Ours. The desk was restored: what was shown no longer counts, `showhistory` with all that is left follows. */
  historyreset: undefined;
}

/** Every widget. */
export interface WidgetMethods {
  /** Puts the root into `parent` (the body) as a direct child, before `before` or at the end. Shows nothing by itself. */
  render(parent?: Element | string, before?: Node | null): unknown;
  /** Takes `callgear-widget--hidden` and `comagic-widget--hidden` away. `true`: the wish comes from outside. */
  show(isApi?: boolean): unknown;
  /** Adds both. */
  hide(): unknown;
  /** Takes the element out of the page and forgets it; handlers are kept. */
  destroy(): unknown;
  /** A flag, never read from the page. */
  isVisible(): boolean;
  /** The root, or the first element in it that matches; `null` after `destroy()`. */
  getEl(selector?: string): Element | null;
  /** Where it is rendered, or would be. */
  getRenderTo(): Element;
  /** Takes an element that is in the page already: counts as rendering and moves nothing. */
  attachEl(element: Element): unknown;
  /** What the fields hold, by `c-name`: a fresh object. */
  getValues(): Record<string, unknown>;
  /** The validator that refuses, by `c-name`; `null` where all is well. Marks the fields. */
  getErrors(): Record<string, string> | null;
  /** Adds a handler. */
  on(event: string, handler: (payload?: never) => unknown): unknown;
  /** Takes a handler away, or all of the event. */
  un(event: string, handler?: (payload?: never) => unknown): unknown;
}

/** Events of every widget. A handler of the first four that returns exactly `false` cancels the call. */
export interface WidgetEvents {
  /** Before `render()`. */
  beforerender: undefined;
  /** Before `show()`. */
  beforeshow: undefined;
  /** Before `hide()`. */
  beforehide: undefined;
  /** Before `destroy()`. */
  beforedestroy: undefined;
  /** It is in the page. */
  render: undefined;
  /** It is shown. */
  show: undefined;
  /** It is hidden. */
  hide: undefined;
  /** It is gone. */
  destroy: undefined;
}

/** `consultant_offline_message`. */
export interface OfflineMessageMethods {
  /** Leaves a message for the operators; kept and sent later where there is no line. */
  sendRequest(request: {
    name?: string;
    email?: string;
    phone?: string;
    message?: string;
    group_id?: GroupRef;
  }): void;
}

/** Events of `consultant_offline_message`. */
export interface OfflineMessageEvents {
  /** The answer to `sendRequest(…)`, once per call. */
  sendofflinerequest: Answer;
}

/** `consultant_sitephone` and `sitephone`. */
export interface CallMethods {
  /** Asks to be called, at once or at `delayed_call_time`: a `Date`, a date as text, Unix seconds or milliseconds. */
  startCall(values?: {
    phone: string;
    group_id?: GroupRef;
    delayed_call_time?: Date | string | number;
  }): void;
}

/** Events of `consultant_sitephone` and `sitephone`. */
export interface CallEvents {
  /** Of `consultant_sitephone`: the answer to `startCall(…)`. */
  sitephonecall: Answer;
  /** Of `sitephone`: the answer to `startCall(…)`. */
  callcomplete: Answer;
}

/** `call_generator`, `offline_message_generator` and `personal_form`: their controllers run at each showing. */
export interface LeadMethods {
  /** Leaves what is filled in: at most 20 values of 2,000 characters; the fields' values where nothing is given. */
  submit(values?: Record<string, unknown>): void;
  /** Closes the form without an answer. */
  cancel(): void;
  /** Was it sent, or is it on its way? */
  isSubmitted(): boolean;
}

/** Events of the lead forms. */
export interface LeadEvents {
  /** The answer to `submit(…)`. */
  leadsubmit: Answer;
  /** The answer to `cancel()`. */
  leadcancel: Answer;
  /** Its time is over, a chat began, or it was answered elsewhere. */
  leadhide: undefined;
}
