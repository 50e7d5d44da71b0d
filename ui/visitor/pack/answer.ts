// Which form this page runs: what the app says of the site's pack, and what the person has asked for in this window.
import type { PackAnswer } from "../../generated/PackAnswer";
import type { PackBoot } from "../../generated/PackBoot";
import type { Problem } from "../../generated/Problem";
import { wantsDefaultForm } from "../stopped";

/** The form to run. */
export type Choice =
  /** The page's own; `key`: instead of the company's, for this reason (`null`: the person's wish). */
  | { form: "default"; instead: { key: string; why: Problem | null } | null }
  | { form: "company"; key: string; pack: PackBoot }
  /** The company's cannot even be begun. */
  | { form: "none"; key: string; flaw: Problem };

/** A form that ended with its whole page: whoever was in the middle of something goes on at once. */
const GONE: readonly string[] = ["pack_hangs", "pack_crashed"];

/** Chooses. */
export function choose({ pack, flaw }: PackAnswer): Choice {
  if (!pack && !flaw) return { form: "default", instead: null };
  const key = pack ? pack.digest : (flaw?.message ?? "");
  if (wantsDefaultForm(key)) return { form: "default", instead: { key, why: null } };
  if (flaw && GONE.includes(flaw.code)) return { form: "default", instead: { key, why: flaw } };
  if (flaw || !pack) return { form: "none", key, flaw: flaw ?? { code: "pack_unreadable", message: "" } };
  return { form: "company", key, pack };
}
