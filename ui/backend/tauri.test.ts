// The interface over the shell: command names and arguments, order of updates round the boot, problems.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { tauriApp, tauriOperator, tauriVisitor } from "./tauri";

type Invoke = (command: string, args?: Record<string, unknown>) => Promise<unknown>;

let calls: [string, unknown][];
let answer: Invoke;
let callbacks: ((raw: unknown) => void)[];

beforeEach(() => {
  calls = [];
  callbacks = [];
  answer = () => Promise.resolve("answer");
  Object.assign(window, {
    __TAURI_INTERNALS__: {
      invoke: (command: string, args?: Record<string, unknown>) => {
        calls.push([command, args]);
        return answer(command, args);
      },
      transformCallback: (callback: (raw: unknown) => void) => callbacks.push(callback),
      unregisterCallback: () => undefined,
    },
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("commands", () => {
  test("every verb calls its command with the names that Rust knows", async () => {
    const [visitor, operator, app] = [tauriVisitor(), tauriOperator(), tauriApp()];
    const listener = (): void => undefined;
    await Promise.all([
      visitor.typing("t"),
      visitor.read(1),
      visitor.resend("u"),
      visitor.discard("u"),
      visitor.reconnect(),
      visitor.linkCode(),
      visitor.devices(),
      visitor.revoke("d"),
      visitor.link("c"),
      visitor.pack(),
      visitor.packFlaw({ kind: "no_controller", name: "n" }),
      visitor.packUp(),
      operator.setup("n", "l", "p"),
      operator.signIn("l", "p"),
      operator.signOut(),
      operator.setOnline(true),
      operator.open("v"),
      operator.history("v", 2),
      operator.send("v", "t"),
      operator.closeChat("v"),
      operator.typing("v", true),
      operator.read("v", 3),
      operator.inView(null),
      operator.resend("u"),
      operator.discard("u"),
      operator.reconnect(),
      app.boot(),
      app.join("a"),
      app.host(),
      app.quit(),
    ]);
    expect(calls.map(([command, args]) => [command, args ?? {}])).toEqual([
      ["visitor_typing", { text: "t" }],
      ["visitor_read", { seq: 1 }],
      ["visitor_resend", { uid: "u" }],
      ["visitor_discard", { uid: "u" }],
      ["visitor_reconnect", {}],
      ["visitor_link_code", {}],
      ["visitor_devices", {}],
      ["visitor_revoke", { device: "d" }],
      ["visitor_link", { code: "c" }],
      ["visitor_pack", {}],
      ["visitor_pack_flaw", { report: { kind: "no_controller", name: "n" } }],
      ["visitor_pack_up", {}],
      ["operator_setup", { name: "n", login: "l", password: "p" }],
      ["operator_sign_in", { login: "l", password: "p" }],
      ["operator_sign_out", {}],
      ["operator_set_online", { online: true }],
      ["operator_open", { visitor: "v" }],
      ["operator_history", { visitor: "v", before: 2 }],
      ["operator_send", { visitor: "v", text: "t" }],
      ["operator_close_chat", { visitor: "v" }],
      ["operator_typing", { visitor: "v", typing: true }],
      ["operator_read", { visitor: "v", seq: 3 }],
      ["operator_in_view", { visitor: null }],
      ["operator_resend", { uid: "u" }],
      ["operator_discard", { uid: "u" }],
      ["operator_reconnect", {}],
      ["app_boot", {}],
      ["app_join", { address: "a" }],
      ["app_host", {}],
      ["app_quit", {}],
    ]);
    await Promise.all([visitor.boot(listener), operator.boot(listener)]);
    expect(calls.slice(-2).map(([command]) => command)).toEqual(["visitor_boot", "operator_boot"]);
  });

  test("a rejection is a Problem, also where the shell itself refuses", async () => {
    answer = () => Promise.reject({ code: "rate", message: "Wait." } as unknown as Error);
    await expect(tauriVisitor().reconnect()).rejects.toEqual({ code: "rate", message: "Wait." });
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    answer = () => Promise.reject("command not allowed" as unknown as Error);
    await expect(tauriVisitor().reconnect()).rejects.toEqual({ code: "no_answer", message: "" });
  });
});

describe("boot", () => {
  test("updates that come before it has resolved are delivered after, in order", async () => {
    const seen: unknown[] = [];
    let resolve: (value: unknown) => void = () => undefined;
    answer = () => new Promise((done) => (resolve = done));
    const booted = tauriVisitor()
      .boot((update) => seen.push(update))
      .then(() => seen.push("booted"));
    const send = (index: number, message: string): void => callbacks[0]?.({ index, message });
    send(0, "one");
    send(1, "two");
    resolve({});
    send(2, "three");
    await booted;
    expect(seen).toEqual(["booted"]);
    await new Promise((done) => setTimeout(done));
    send(3, "four");
    expect(seen).toEqual(["booted", "one", "two", "three", "four"]);
  });
});

describe("synchronous requests", () => {
  class Request {
    static readonly made: unknown[] = [];
    static reply = "";
    responseText = "";
    #open: unknown[] = [];

    open(...args: unknown[]): void {
      this.#open = args;
    }

    send(body: string): void {
      if (Request.reply === "") throw new Error("refused");
      Request.made.push([...this.#open, body]);
      this.responseText = Request.reply;
    }
  }

  test("go to the app's own protocol and wait for the answer", () => {
    vi.stubGlobal("XMLHttpRequest", Request);
    Request.reply = '{"problem":{"code":"empty","message":"Nothing."}}';
    expect(tauriVisitor().send("words", null)).toEqual({ problem: { code: "empty", message: "Nothing." } });
    Request.reply = '{"ok":{"messages":[],"more":false}}';
    expect(tauriVisitor().history(null)).toEqual({ ok: { messages: [], more: false } });
    // The page of this test has an http address, as the app's has on Windows.
    expect(Request.made).toEqual([
      ["POST", "http://desk.localhost/send", false, '{"text":"words","group":null}'],
      ["POST", "http://desk.localhost/history", false, '{"before":null}'],
    ]);
    vi.stubGlobal("location", { protocol: "tauri:" });
    tauriVisitor().history(5);
    expect(Request.made.at(-1)).toEqual(["POST", "desk://localhost/history", false, '{"before":5}']);
  });

  test("one that is not answered, or not in JSON, is a Problem", () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    vi.stubGlobal("XMLHttpRequest", Request);
    for (const reply of ["", "<html>"]) {
      Request.reply = reply;
      expect(tauriVisitor().send("words", null)).toEqual({ problem: { code: "no_answer", message: "" } });
    }
  });
});
