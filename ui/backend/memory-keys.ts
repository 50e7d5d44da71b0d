// The profile's keys without an app: for looking at its pages in a browser.
// `?screen=secrets&why=locked&history&desk&lang=ru`, `?screen=problem&anew`.
// The passphrase is "correct horse".
import type { SecretsQuestion } from "../generated/SecretsQuestion";
import type { SecretsTrouble } from "../generated/SecretsTrouble";
import type { KeysBackend } from "./backend";

const WHY: readonly SecretsTrouble[] = ["sealed", "absent", "locked", "denied", "missing"];
const PASSPHRASE = "correct horse";

/** What is asked, with `?screen=secrets`. */
export function memoryQuestion(query: URLSearchParams): SecretsQuestion | null {
  if (query.get("screen") !== "secrets") return null;
  const why = WHY.find((candidate) => candidate === query.get("why")) ?? "sealed";
  return { why, history: query.has("history"), desk: query.has("desk") };
}

/** Keys in memory. */
export function memoryKeys(query: URLSearchParams): KeysBackend {
  const ru = query.get("lang") === "ru";
  const wrong = ru
    ? "Эта парольная фраза не открывает ключи этого профиля. Попробуйте ещё раз."
    : "This passphrase does not open the keys of this profile. Please try again.";
  const wait = async () => new Promise((done) => setTimeout(done, 600));
  const never = async () => new Promise<void>(() => undefined);
  const prove = async (passphrase: string) => {
    await wait();
    if (passphrase !== PASSPHRASE) throw Object.assign(new Error(wrong), { code: "passphrase_wrong" });
  };
  return {
    unlock: async (passphrase) => prove(passphrase),
    choose: never,
    sessionOnly: never,
    again: async () => wait().then(() => undefined),
    beginAnew: never,
  };
}
