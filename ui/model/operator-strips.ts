// What keeps the desk from working as it should, most important first: what the strips above the page say.
import type { Problem } from "../generated/Problem";
import type { OperatorState } from "./operator";

/** A strip has a text of its own, or tells a problem. */
export interface Strip {
  readonly name: "hosting" | "stopped" | "offline" | "connecting" | "trouble" | "session_only";
  readonly tone: "plain" | "warn" | "bad";
  readonly problem: Problem | null;
}

/** Reasons to stop that the screen for signing in is itself the answer to. */
const ANSWERED = ["signed_out", "bad_token", "bad_credentials"];

/** The strips of a state. */
export function stripsOf(state: OperatorState): readonly Strip[] {
  const { hosting, troubles, sessionOnly } = state;
  const strips: Strip[] = [];
  if (hosting?.problem) strips.push({ name: "hosting", tone: "bad", problem: hosting.problem });
  strips.push(...ofConnection(state));
  for (const problem of troubles) strips.push({ name: "trouble", tone: "bad", problem });
  if (sessionOnly) strips.push({ name: "session_only", tone: "warn", problem: null });
  return strips;
}

function ofConnection({ connection, phase }: OperatorState): Strip[] {
  const { code, sentence } = connection;
  const problem = code === null && sentence === null ? null : { code: code ?? "", message: sentence ?? "" };
  switch (connection.phase) {
    case "online":
      return [];
    case "connecting":
      return [{ name: "connecting", tone: "plain", problem: null }];
    case "offline":
      // At work the promise counts; whoever signs in has nothing kept yet and wants to know why.
      return [{ name: "offline", tone: "warn", problem: phase === "ready" ? null : problem }];
    case "stopped":
      if (phase !== "ready" && ANSWERED.includes(code ?? "")) return [];
      return [{ name: "stopped", tone: "bad", problem }];
  }
}
