// The page's catalogues in Russian, with every key that the English ones have.
import operator from "../locales/ru/operator.json";
import ruProblems from "../locales/ru/problems.json";
import settings from "../locales/ru/settings.json";
import type { Text } from "../model/locale";
import type { OperatorKey } from "./texts-en";

export const catalogue: Record<OperatorKey, Text> = { ...operator, ...settings };

/** Sentences by code. */
export const problems: Record<string, string> = ruProblems;
