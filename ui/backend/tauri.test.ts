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
      visitor.files.choose(),
      visitor.files.unstage("i"),
      visitor.files.setDetails("i", true),
      visitor.files.send(["i"], "c", null),
      visitor.files.list(null, "c", "n"),
      operator.files.choose("v"),
      operator.files.send(["i"], "c", 1, "v"),
      operator.files.pause("k"),
      operator.files.resume("k"),
      operator.files.cancel("k"),
      operator.files.fetch("k"),
      operator.files.save("k"),
      operator.files.open("k"),
      operator.files.show("k"),
      operator.files.words("k"),
      operator.files.list("k", null, "", "v"),
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
      ["visitor_file_choose", {}],
      ["visitor_file_unstage", { id: "i" }],
      ["visitor_file_details", { id: "i", keep: true }],
      ["visitor_file_send", { ids: ["i"], caption: "c", group: null }],
      ["visitor_files", { before: null, chat: "c", name: "n" }],
      ["operator_file_choose", { visitor: "v" }],
      ["operator_file_send", { ids: ["i"], caption: "c", group: 1, visitor: "v" }],
      ["operator_file_pause", { key: "k" }],
      ["operator_file_resume", { key: "k" }],
      ["operator_file_cancel", { key: "k" }],
      ["operator_file_fetch", { key: "k" }],
      ["operator_file_save", { key: "k" }],
      ["operator_file_open", { key: "k" }],
      ["operator_file_show", { key: "k" }],
      ["operator_file_words", { key: "k" }],
      ["operator_files", { before: "k", chat: null, name: "", visitor: "v" }],
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

const SIZE = 1024 * 1024 + 3;

describe("files", () => {
  // The tests' own page has files, but none that can be read.
  const file = Object.assign(new File(["."], "plan.pdf", { type: "application/pdf" }), {
    slice: (from: number, to: number) => ({
      arrayBuffer: () => Promise.resolve(new ArrayBuffer(Math.min(to, SIZE) - from)),
    }),
  });
  Object.defineProperty(file, "size", { value: SIZE });
  const pieces: [string, number][] = [];
  let refusal: unknown = null;

  beforeEach(() => {
    pieces.length = 0;
    refusal = null;
    vi.stubGlobal("fetch", (url: string, { body }: { body: ArrayBuffer }) => {
      pieces.push([url, body.byteLength]);
      return Promise.resolve({ json: () => Promise.resolve(refusal ?? { ok: null }) });
    });
  });

  test("a page's file goes to the shell in pieces of 1 MiB at most", async () => {
    answer = () => Promise.resolve("id 1");
    await expect(tauriVisitor().files.stage(file)).resolves.toBe("id 1");
    const url = expect.stringMatching(/desk(\.|:\/\/)localhost\/piece\/id%201$/) as string;
    expect(pieces).toEqual([
      [url, 1024 * 1024],
      [url, 3],
    ]);
    const begun = { name: "plan.pdf", size: SIZE, media: "application/pdf" };
    expect(calls).toEqual([
      ["visitor_file_begin", { file: begun }],
      ["visitor_file_end", { id: "id 1" }],
    ]);
  });

  test("what is refused on the way is a Problem, and nothing of it stays", async () => {
    answer = () => Promise.resolve("id");
    refusal = { problem: { code: "file_no_space", message: "Full." } };
    const staging = tauriOperator().files.stage(file, "v");
    await expect(staging).rejects.toEqual({ code: "file_no_space", message: "Full." });
    expect(calls.at(-1)).toEqual(["operator_file_unstage", { id: "id" }]);
  });

  test("a file that is gone by then says so", async () => {
    answer = () => Promise.resolve("id");
    const gone = {
      name: "a",
      size: 1,
      type: "",
      slice: () => ({ arrayBuffer: () => Promise.reject(new Error()) }),
    };
    await expect(tauriVisitor().files.stage(gone as unknown as File)).rejects.toMatchObject({
      code: "file_gone",
    });
  });

  test("pictures and files have addresses of the app's own", () => {
    const { files } = tauriVisitor();
    expect(files.preview("m 1", 320)).toMatch(/localhost\/preview\/m%201\?px=320$/);
    expect(files.link("m1", "a b/c.png")).toMatch(/localhost\/file\/m1\/a%20b%2Fc\.png$/);
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
