// The `consultant_chat` widget: the chat's methods and events for view controllers (§4, §5).
//
// Two events are ours alone: `historyavailable` (older lines came to this device: `hasHistory()` may say yes again) and
// `historyreset` (the desk was restored, what was handed out no longer counts: `showhistory` with all that is left
// follows, where anything is; who does not listen gets by it only what is new).
//
// What must always hold: getters are synchronous and agree with the events already told; nothing throws into a
// controller; each line is handed out once, by `showhistory`, `sendmessage` or `getHistory`.
import type { ChatState } from "../generated/ChatState";
import type { Message } from "../generated/Message";
import { NO_FACE } from "./constants";
import { groupOf } from "./given";
import type * as contract from "./interface";
import { guarded } from "./log";
import { withoutFile, type ChatMessage } from "./message";
import { plain } from "./plain";
import { printChat } from "./print";
import type { WidgetClass } from "./registry";
import type { Session } from "./session";
import { Widget, type WidgetConfig, type WidgetHome } from "./widget";

/** Lines that one `getHistory()` gives. */
const PAGE = 20;

/** The class of `consultant_chat` over a session. */
export function chatClass(session: Session): WidgetClass {
  return class ConsultantChat extends Widget implements contract.ConsultantChat {
    #shown = new WeakSet<Message>();

    constructor(name: string, config: WidgetConfig, home: WidgetHome) {
      super(name, config, home);
      session.teller.join({
        tell: (event, payload) => Widget.deliver(this, event, payload),
        hears: (event) => Widget.hears(this, event),
        history: (lines) => this.#showHistory(lines),
        restarted: (lines) => this.#restart(lines),
        line: (line) => {
          this.#shown.add(line);
          for (const one of [0, 1]) {
            if (one < this.#messages(line).length)
              Widget.deliver(this, "sendmessage", () => this.#messages(line)[one]);
          }
        },
        own: (line) => this.#shown.add(line),
      });
    }

    /** The visitor opens a chat; `startchat` answers. */
    startChat(): void {
      session.startChat();
    }

    /** The visitor ends the chat; `closechat` answers, and `done` always runs. */
    closeChat(done?: unknown): void {
      session.closeChat(() => {
        if (typeof done === "function") guarded("the callback of closeChat", () => (done as () => void)());
      });
    }

    /** Sends the correspondence to an address; `sendchatbymail` answers. */
    sendChatByMail(mail: unknown): void {
      session.mail(mail);
    }

    /** Sends, and opens the chat if there is none, for the group where one is named. */
    sendChatMessage(text: unknown, groupId: unknown = null): ChatMessage {
      return session.send(text, groupId);
    }

    /** Gives the operator of this chat a mark, or takes it back with `null`; `setrating` answers. */
    setOperatorRating(mark: unknown): void {
      session.rate(mark);
    }

    /** Saves what the visitor says of himself; `done` always runs, with the mirror up to date. */
    setVisitorCard(card: unknown, done?: unknown): void {
      session.card.set(card, () => {
        if (typeof done === "function")
          guarded("the callback of setVisitorCard", () => (done as () => void)());
      });
    }

    /** Accepts the invitation; `inviteaccept` answers. */
    inviteAccept(): void {
      session.inviteAccept();
    }

    /** Declines the invitation; `invitereject` answers. */
    inviteReject(): void {
      session.inviteReject();
    }

    /** Sends the files of an input, and empties it; the message is the first one's. */
    sendFile(input: unknown, groupId: unknown = null): ChatMessage {
      return session.files.send(input, groupId);
    }

    /** Can a file be sent now? */
    isReadyForFileTransfer(): boolean {
      return session.files.bounds.enabled;
    }

    /** Stops an own file that is on its way, lets it go on, or thinks better of it. */
    controlFile(uid: unknown, deed: unknown): void {
      void session.files.load().then((sending) => sending.control(uid, deed));
    }

    /** Would `getHistory()` return something? Looks, because news of older lines may be older than the last page. */
    hasHistory(): boolean {
      while (this.#unshown().length === 0) if (!session.older()) return false;
      return true;
    }

    /** The next page back in time, newest first. */
    getHistory(): ChatMessage[] | false {
      let page = this.#unshown();
      if (page.length === 0 && session.older()) page = this.#unshown();
      for (const line of page) this.#shown.add(line);
      return page.length > 0 ? page.flatMap((line) => this.#messages(line).reverse()) : false;
    }

    /** `available`, `invite`, `chat` or `lead`. */
    getState(): ChatState {
      return session.mirror.state;
    }

    /** Is an operator with status online there: in this group, else in the chat's, where one is chosen? */
    isChatAvailable(groupId?: unknown): boolean {
      // Whatever else a controller hands over by the way is no group.
      const isNamed = typeof groupId === "string" || typeof groupId === "number";
      const group = groupOf(isNamed ? groupId : null, session.mirror.form);
      if ("problem" in group) return false;
      return group.ok === null ? session.mirror.available : session.mirror.isAvailable(group.ok);
    }

    /** The operator sees the words as they are typed. */
    chatTyping(text: unknown): void {
      session.typing(text);
    }

    /** This chat's operator. */
    getOperatorVcard(): { name: string; position: string; avatar: string } | null {
      const { operator } = session.mirror;
      return operator ? { name: operator.name, position: operator.position, avatar: NO_FACE } : null;
    }

    /** What the visitor has said of himself. */
    getVisitorCard(): { name: string; email: string[]; phone: string[] } {
      const { name, emails, phones } = session.mirror.present.card;
      return { name, email: [...emails], phone: [...phones] };
    }

    /** Names of the required fields that the card still lacks. */
    getRequiredInfo(): string[] {
      return session.card.lacking;
    }

    /** Operators' messages that were not read yet. */
    getUnreadCounter(): number {
      return session.mirror.unread;
    }

    /** All is read; `messageviewed` follows. */
    clearUnreadCounter(): void {
      session.seen();
    }

    /** Prints this chat. */
    printCurrentChat(): void {
      printChat(session);
    }

    #showHistory(lines: readonly Message[]): void {
      const fresh = lines.filter((line) => !this.#shown.has(line));
      if (fresh.length === 0) return;
      for (const line of fresh) this.#shown.add(line);
      Widget.deliver(this, "showhistory", () => fresh.flatMap((line) => this.#messages(line)));
    }

    /** A file and the words below it are two to a form whose template for files has no place for words. */
    #messages(line: Message): ChatMessage[] {
      const whole = session.teller.toMessage(line);
      const isOne =
        !line.file || !whole.text || plain(plain(this.settings)["chat"])["is_file_caption"] === true;
      return isOne
        ? [whole]
        : [
            { ...whole, text: "" },
            { ...withoutFile(whole), uid: `${whole.uid}-text` },
          ];
    }

    /**
     * Lines that were handed out may be gone. Whoever hears of that begins again and gets all that is left; whoever
     * does not would show lines twice, and gets the new ones alone.
     */
    #restart(lines: readonly Message[]): void {
      if (Widget.hears(this, "historyreset")) {
        this.#shown = new WeakSet();
        Widget.deliver(this, "historyreset");
      }
      this.#showHistory(lines);
    }

    /** The newest lines that were not handed out, newest first. */
    #unshown(): Message[] {
      const page: Message[] = [];
      for (const line of session.teller.talk()) {
        if (page.length === PAGE) break;
        if (!this.#shown.has(line)) page.push(line);
      }
      return page;
    }
  };
}
