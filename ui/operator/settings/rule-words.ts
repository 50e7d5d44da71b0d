// A rule in one line.
import type { Rule } from "../../generated/Rule";
import { lengthOf } from "../../model/operator-times";
import type { OperatorTexts } from "../texts";

/** What it does, when, and to whom. */
export function ruleWords(rule: Rule, t: OperatorTexts["t"]): string {
  const { unit, count } = lengthOf(Number.isFinite(rule.after_s) ? rule.after_s * 1_000 : 0);
  const parts = [
    "invite" in rule.action ? t("rules.invite") : t(`rules.${rule.action.lead.form}`),
    t("rules.say_after", { time: t(`time.${unit}`, { count }) }),
    rule.visits > 1 ? t("rules.say_visits", { count: rule.visits }) : "",
    rule.online === null ? "" : t(rule.online ? "rules.online_yes" : "rules.online_no").toLocaleLowerCase(),
  ];
  return parts.filter((part) => part !== "").join(", ");
}
