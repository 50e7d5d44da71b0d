// The `consultant_chat` widget: the chat's methods and events for view controllers (§4, §5).
//
// What must always hold: getters are synchronous and agree with the events already told; nothing throws into a
// controller; each line is handed out once, by `showhistory`, `sendmessage` or `getHistory`.
import type { Message } from "../generated/Message";
import { NO_FACE } from "./constants";
import { guarded } from "./log";
import type { ChatMessage } from "./message";
import type { VisitorState } from "./mirror";
import type { WidgetClass } from "./registry";
import type { Session } from "./session";
import { Widget, type WidgetConfig, type WidgetHome } from "./widget";

/** Lines that one `getHistory()` gives. */
const PAGE = 20;

/** The class of `consultant_chat` over a session. */
export function chatClass(session: Session): WidgetClass {
  return class ConsultantChat extends Widget {
    readonly #shown = new WeakSet<Message>();

    constructor(name: string, config: WidgetConfig, home: WidgetHome) {
      super(name, config, home);
      session.teller.join({
        tell: (event, payload) => Widget.deliver(this, event, payload),
        history: (lines) => this.#showHistory(lines),
        line: (line) => {
          this.#shown.add(line);
          Widget.deliver(this, "sendmessage", () => session.teller.toMessage(line));
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

    /** Sends, and opens the chat if there is none. */
    sendChatMessage(text: unknown): ChatMessage {
      return session.send(text);
    }

    /** Would `getHistory()` return something? */
    hasHistory(): boolean {
      return session.mirror.more || this.#unshown().length > 0;
    }

    /** The next page back in time, newest first. */
    getHistory(): ChatMessage[] | false {
      let page = this.#unshown();
      // Rust's page may hold nothing but what is known already: on, until there is something or no more.
      while (page.length === 0 && session.older()) page = this.#unshown();
      for (const line of page) this.#shown.add(line);
      return page.length > 0 ? page.map((line) => session.teller.toMessage(line)) : false;
    }

    /** `available` or `chat`. */
    getState(): VisitorState {
      return session.mirror.state;
    }

    /** Is an operator with status online there? */
    isChatAvailable(): boolean {
      return session.mirror.available;
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

    /** Operators' messages that were not read yet. */
    getUnreadCounter(): number {
      return session.mirror.unread;
    }

    /** All is read; `messageviewed` follows. */
    clearUnreadCounter(): void {
      session.seen();
    }

    #showHistory(lines: readonly Message[]): void {
      const fresh = lines.filter((line) => !this.#shown.has(line));
      if (fresh.length === 0) return;
      for (const line of fresh) this.#shown.add(line);
      Widget.deliver(this, "showhistory", () => fresh.map((line) => session.teller.toMessage(line)));
    }

    /** The newest lines that were not handed out: what waits, then those before the oldest that was. */
    #unshown(): Message[] {
      const { all } = session.mirror.lines;
      const placed = all.findLastIndex((line) => line.seq !== null) + 1;
      const waiting = all.slice(placed).filter((line) => !this.#shown.has(line));
      const shown = all.findIndex((line) => this.#shown.has(line));
      const older = all.slice(0, shown < 0 ? placed : Math.min(shown, placed));
      return [...older, ...waiting].slice(-PAGE).reverse();
    }
  };
}
