// The page's catalogues in English; its keys are everybody's.
import operator from "../locales/en/operator.json";
import enProblems from "../locales/en/problems.json";
import settings from "../locales/en/settings.json";

/** A key of the operator's catalogue: the workplace's and the settings'. */
export type OperatorKey = keyof typeof operator | keyof typeof settings;

export const catalogue = { ...operator, ...settings };

/** Sentences by code. */
export const problems: Record<string, string> = enProblems;
