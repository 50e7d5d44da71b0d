// A rule in one line.
import type { Rule } from "../../generated/Rule";
import type { Length } from "../../model/operator-times";
import type { OperatorTexts } from "../texts";

/** What it does, when, and to whom. */
export function ruleWords(rule: Rule, t: OperatorTexts["t"]): string {
  const { unit, count } = exactly(rule.after_s);
  const parts = [
    "invite" in rule.action ? t("rules.invite") : t(`rules.${rule.action.lead.form}`),
    t("rules.say_after", { time: t(`time.${unit}`, { count }) }),
    rule.visits > 1 ? t("rules.say_visits", { count: rule.visits }) : "",
    rule.online === null ? "" : t(rule.online ? "rules.online_yes" : "rules.online_no").toLocaleLowerCase(),
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** In the largest unit that leaves nothing over. */
function exactly(seconds: number): Length {
  if (!(seconds > 0)) return { unit: "seconds", count: 0 };
  if (seconds % 3_600 === 0) return { unit: "hours", count: seconds / 3_600 };
  return seconds % 60 === 0 ? { unit: "minutes", count: seconds / 60 } : { unit: "seconds", count: seconds };
}
