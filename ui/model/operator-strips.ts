// What keeps the desk from working as it should, most important first: what the strips above the page say.
import type { Problem } from "../generated/Problem";
import type { OperatorState } from "./operator";

/** A strip has a text of its own, or tells a problem. */
export interface Strip {
  readonly name: "hosting" | "stopped" | "offline" | "connecting" | "trouble" | "session_only";
  readonly tone: "plain" | "warn" | "bad";
  readonly problem: Problem | null;
  /** May the person ask for another try? */
  readonly again: boolean;
}

/** Reasons to stop that the screen for signing in is itself the answer to. */
const ANSWERED = ["signed_out", "bad_token", "bad_credentials"];

/** Reasons to be offline that time does not mend. */
const LASTING = ["not_a_desk"];

/** The strips of a state. */
export function stripsOf(state: OperatorState): readonly Strip[] {
  const { hosting, troubles, sessionOnly } = state;
  const strips: Strip[] = [];
  if (hosting?.problem) strips.push(strip("hosting", "bad", hosting.problem));
  strips.push(...ofConnection(state));
  for (const problem of troubles) strips.push(strip("trouble", "bad", problem));
  if (sessionOnly) strips.push(strip("session_only", "warn", null));
  return strips;
}

function ofConnection({ connection, phase }: OperatorState): Strip[] {
  const { sentence } = connection;
  const code = connection.code ?? "";
  const problem = code === "" && sentence === null ? null : { code, message: sentence ?? "" };
  switch (connection.phase) {
    case "online":
      return [];
    case "connecting":
      return [strip("connecting", "plain", null)];
    case "offline": {
      // At work the promise counts; whoever signs in has nothing kept yet and wants to know why.
      const calm = phase === "ready" && !LASTING.includes(code);
      return [strip("offline", "warn", calm ? null : problem)];
    }
    case "stopped":
      if (phase !== "ready" && ANSWERED.includes(code)) return [];
      return [{ ...strip("stopped", "bad", problem), again: !ANSWERED.includes(code) }];
  }
}

function strip(name: Strip["name"], tone: Strip["tone"], problem: Problem | null): Strip {
  return { name, tone, problem, again: false };
}
