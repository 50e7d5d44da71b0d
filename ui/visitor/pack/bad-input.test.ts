// §9 of the consultant API and "Bad input": what the page says of a form that cannot run.
import { beforeEach, describe, expect, test, vi } from "vitest";
import { BASE } from "./fixtures";
import {
  desk,
  files,
  runtime,
  ran,
  reload,
  register,
  script,
  open,
  part,
  queue,
  stopped,
  notice,
  reported,
  ups,
  runInStage,
} from "./stage";

runInStage();

describe("bad input: one sentence, and the default form is offered", () => {
  const options = {
    consultant: { desktop: { js: "form.js", css: "form.css", tpls: { chat: "chat.html" } } },
  };

  beforeEach(() => {
    script("form.js", "consultant");
    files.styles.add("form.css");
    files.templates.set("chat.html", { template: () => "<p></p>" });
  });

  const mean = (kind: string, ...words: string[]): void => {
    for (const word of [kind, ...words]) expect(stopped()).toContain(word);
    expect([ran, ups()]).toEqual([[], 1]);
    part("default-form")?.click();
    expect(reload).toHaveBeenCalledOnce();
  };

  test("a script that is missing", async () => {
    files.scripts.delete("form.js");
    await open({ options });
    mean("missing", "form.js");
  });

  test("a template that is missing", async () => {
    files.templates.clear();
    await open({ options });
    mean("missing", "chat.html");
  });

  test("a template that could not be compiled", async () => {
    files.templates.set("chat.html", { flaw: { code: "pack_template", message: "chat.html, line 3: no" } });
    await open({ options });
    mean("chat.html, line 3: no");
  });

  test("a template whose script could not be read", async () => {
    files.templates.set("chat.html", {});
    await open({ options });
    mean("template", "chat.html");
  });

  test("a path that leaves the pack", async () => {
    await open({ options: { consultant: { desktop: { js: ["../x.js", "form.js"] } } } });
    mean("../x.js");
  });

  test("a script from the network, named by its page", async () => {
    const target = "https://cdn.example/library.js";
    files.scripts.set("sub/index.html?script=0", () => {
      const js = [target, "../form.js"];
      queue().push(["applyWidgetsOptions", { consultant: { desktop: { js } } }]);
    });
    await open({ pages: ["sub/index.html?script=0"] });
    expect(reported()).toEqual([{ kind: "network", path: "sub/index.html", line: 0, column: 0, target }]);
    mean("network", target);
  });

  test.each(["https://fonts.example/css?family=Open+Sans", "//fonts.example/a.css"])(
    "[X] a style from the network is only missing: %s",
    async (target) => {
      await open({ options: { consultant: { desktop: { js: "form.js", css: [target] } } } });
      expect([ran.length, stopped(), notice()]).toEqual([1, undefined, expect.stringContaining(target)]);
    },
  );

  test("a script that throws while it loads, with its line", async () => {
    files.scripts.set("form.js", () => {
      throw new Error("no shop today");
    });
    await open({ options });
    mean("script", "form.js", "no shop today", '"line":7');
  });

  test("a page script that throws names its index.html", async () => {
    files.scripts.set("sub/index.html?script=0", () => {
      throw new Error("no options");
    });
    await open({ pages: ["sub/index.html?script=0"] });
    mean("script", '"sub/index.html"', "no options");
  });

  test("what the desk tells is followed even so: the strip goes on being true", async () => {
    await open({ options: {} });
    const { connection } = runtime.session.mirror;
    desk.push({ type: "connection", connection: { ...connection, phase: "offline" } });
    expect(runtime.session.mirror.connection.phase).toBe("offline");
  });

  test("once the form is up, a script that fails is the console's business", async () => {
    await open({ options });
    window.dispatchEvent(new ErrorEvent("error", { filename: `${BASE}form.js`, message: "late" }));
    expect(reported()).toEqual([]);
    expect(stopped()).toBeUndefined();
  });

  test("a mapping that names nothing", async () => {
    await open({ options: {} });
    mean("no_controller", "consultant");
  });

  test("a chat's script that registers something else", async () => {
    script("form.js", "other");
    await open({ options });
    mean("no_controller", "consultant");
  });

  test("a script that runs text as a program while it loads", async () => {
    files.scripts.set("form.js", () => {
      throw new Error("EvalError: the policy forbids it");
    });
    await open({ options });
    expect(reported()).toEqual([{ kind: "eval", path: "form.js", line: 7, column: 3 }]);
    mean("eval", "form.js");
  });

  test("a controller that throws, with the place in its script", async () => {
    files.scripts.set("form.js", () =>
      register("consultant", () => {
        throw Object.assign(new Error("late"), {
          stack: `x@tauri://localhost/a.js:1:1\n@${BASE}form.js:5:9`,
        });
      }),
    );
    await open({ options });
    expect(reported()).toEqual([
      { kind: "script", path: "form.js", line: 5, column: 9, message: "Error: late" },
    ]);
    expect([stopped(), ups()]).toEqual([expect.stringContaining("form.js"), 1]);
  });

  test("a controller that throws a text", async () => {
    files.styles.clear();
    files.scripts.set("form.js", () =>
      register("consultant", () => {
        throw "closed";
      }),
    );
    await open({ options });
    expect(stopped()).toMatch(/script.*closed/);
  });

  test("a script that breaks the page's own ground", async () => {
    files.scripts.set("form.js", () => {
      register("consultant");
      vi.spyOn(runtime, "settled").mockImplementation(() => {
        throw new Error("nothing is left of it");
      });
    });
    await open({ options });
    mean("The chat form could not be loaded.");
  });

  test("a pack that cannot be read at all", async () => {
    await open(null, { flaw: { code: "pack_json", message: "settings.json, line 2" } });
    mean("settings.json, line 2");
  });

  test("[X] a style that is missing is only missing: a notice, and the form runs", async () => {
    files.styles.clear();
    await open({ options });
    expect([ran.length, stopped(), notice()]).toEqual([1, undefined, expect.stringContaining("form.css")]);
    expect(console.error).toHaveBeenCalledWith(expect.stringContaining("form.css"));
    part("default-form")?.click();
    expect(reload).toHaveBeenCalledOnce();
  });
});
