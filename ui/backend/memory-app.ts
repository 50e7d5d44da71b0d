// The app's own verbs without an app: for looking at its page in a browser. `?screen=join_visitor&lang=ru`.
import type { AppScreen } from "../generated/AppScreen";
import type { Locale } from "../generated/Locale";
import type { SettingsSection } from "../generated/SettingsSection";
import type { AppBackend } from "./backend";
import { memoryAsked, memoryCompany, memoryDoors } from "./memory-doors";
import { memoryKeys, memoryQuestion } from "./memory-keys";
import { memorySettings } from "./memory-settings";

const SCREENS: readonly AppScreen[] = [
  "join_visitor",
  "join_operator",
  "asked",
  "secrets",
  "problem",
  "settings",
];
const SECTIONS: readonly SettingsSection[] = ["alerts", "general", "diagnostics", "data", "about"];

/** An app in memory: it finds no desk, ever. */
export function memoryApp(query: URLSearchParams): AppBackend {
  const locale: Locale = query.get("lang") === "ru" ? "ru" : "en";
  const ru = locale === "ru";
  const screen = SCREENS.find((candidate) => candidate === query.get("screen")) ?? "join_operator";
  const newer = ru
    ? "Эти данные записала более новая версия Deskbell. Обновите программу: ничего не изменено и не потеряно."
    : "A newer Deskbell wrote this data. Update the program: nothing was changed, and nothing is lost.";
  const nowhere = ru ? "По этому адресу никто не отвечает." : "Nobody answers at this address.";
  const fail = async (code: string, message: string): Promise<void> => {
    await new Promise((done) => setTimeout(done, 400));
    throw Object.assign(new Error(message), { code });
  };
  return {
    boot: async () =>
      Promise.resolve({
        screen,
        locale,
        problem: screen === "problem" ? { code: "newer_database", message: newer } : null,
        section: SECTIONS.find((candidate) => candidate === query.get("section")) ?? null,
        secrets: memoryQuestion(query),
        anew: query.has("anew"),
        asked: memoryAsked(query),
        company: memoryCompany(query),
      }),
    join: async () => fail("unreachable", nowhere),
    host: async () =>
      fail(
        "port_in_use",
        ru ? "Порт 7717 занят другой программой." : "Port 7717 is used by another program.",
      ),
    ...memoryDoors(ru),
    quit: async () => Promise.resolve(),
    keys: memoryKeys(query),
    ...memorySettings(query),
  };
}
