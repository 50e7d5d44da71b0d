import { describe, expect, it } from "vitest";
import type { Connection } from "../generated/Connection";
import { applyUpdate, fromBoot } from "./operator";
import { aBoot } from "./operator-fixtures";
import { stripsOf } from "./operator-strips";

const link = (phase: Connection["phase"], code: string | null = null): Connection => ({
  phase,
  since: 0,
  code,
  sentence: code === null ? null : `About ${code}.`,
});
const names = (...change: Parameters<typeof aBoot>) =>
  stripsOf(fromBoot(aBoot(...change))).map(({ name }) => name);

describe("the strips", () => {
  it("are none when all is well", () => {
    expect(names()).toEqual([]);
  });

  it("have what matters most first", () => {
    const problem = { code: "port_in_use", message: "Port 7717 is in use." };
    const boot = aBoot([], {
      hosting: { address: "127.0.0.1:7717", link: "", problem },
      connection: link("offline", "unreachable"),
      session_only: true,
    });
    const state = applyUpdate(fromBoot(boot), {
      type: "error",
      problem: { code: "disk_full", message: "Full." },
    });
    expect(stripsOf(state).map(({ name, tone }) => [name, tone])).toEqual([
      ["hosting", "bad"],
      ["offline", "warn"],
      ["trouble", "bad"],
      ["session_only", "warn"],
    ]);
  });

  it("promise at work that messages are kept, and say before it why there is no connection", () => {
    const connection = link("offline", "unreachable");
    const [atWork] = stripsOf(fromBoot(aBoot([], { connection })));
    const [before] = stripsOf(fromBoot(aBoot([], { connection, phase: "sign_in" })));
    expect(atWork?.problem).toBeNull();
    expect(before?.problem).toEqual({ code: "unreachable", message: "About unreachable." });
  });

  it("say at once where the address is wrong: waiting would not help", () => {
    const [strip] = stripsOf(fromBoot(aBoot([], { connection: link("offline", "not_a_desk") })));
    expect(strip?.problem).toEqual({ code: "not_a_desk", message: "About not_a_desk." });
  });

  it("let a stopped line be tried again where signing in is not the answer", () => {
    const again = (phase: Connection["phase"], code: string) =>
      stripsOf(fromBoot(aBoot([], { connection: link(phase, code) }))).map(({ again }) => again);
    for (const code of ["certificate", "replaced", "version", "protocol"]) {
      expect(again("stopped", code)).toEqual([true]);
    }
    expect([again("stopped", "bad_token"), again("offline", "unreachable")]).toEqual([[false], [false]]);
  });

  it("leave to the screen for signing in what it answers, and nothing else", () => {
    expect(names([], { phase: "sign_in", connection: link("stopped", "bad_token") })).toEqual([]);
    expect(names([], { phase: "sign_in", connection: link("stopped", "certificate") })).toEqual(["stopped"]);
    expect(names([], { connection: link("stopped", "bad_token") })).toEqual(["stopped"]);
  });
});
