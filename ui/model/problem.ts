// What a rejected call means.
import type { Problem } from "../generated/Problem";

/** The `Problem` that a call rejected with; anything else becomes one of `code`, without words. */
export function asProblem(reason: unknown, code = "no_answer"): Problem {
  if (typeof reason === "object" && reason !== null && "code" in reason && "message" in reason) {
    return { code: String(reason.code), message: String(reason.message) };
  }
  return { code, message: "" };
}
