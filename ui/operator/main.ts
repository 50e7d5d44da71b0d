import { mount } from "svelte";
import type { OperatorBackend } from "../backend/backend";
import { tauriOperator } from "../backend/tauri";
import Failure from "../look/Failure.svelte";
import { whileWaiting } from "../look/waiting";
import { Workplace } from "../model/operator-workplace";
import { asProblem } from "../model/problem";
import Operator from "./Operator.svelte";
import { loadTexts } from "./texts";

const target = document.body;
// The app has not told its language yet.
const guess = navigator.language.startsWith("ru") ? "ru" : "en";

try {
  const starting = backend().then(async (verbs) => Workplace.start(verbs));
  // Whoever waits for it below hears of it; until then nobody is to be alarmed.
  starting.catch(() => undefined);
  const told = await loadTexts(guess);
  const workplace = await starting.finally(whileWaiting(told.t("page.starting")));
  const { locale } = workplace.state;
  const texts = locale === guess ? told : await loadTexts(locale);
  document.documentElement.lang = locale;
  mount(Operator, { target, props: { workplace, texts } });
} catch (reason) {
  console.error(reason);
  const { t, wordsOf } = await loadTexts(guess);
  mount(Failure, { target, props: { title: t("page.failed"), sentence: wordsOf(asProblem(reason)) } });
}

/** `vite build --mode memory` makes a page that a browser can show without the app; the product has none of it. */
async function backend(): Promise<OperatorBackend> {
  if (import.meta.env.MODE !== "memory") return tauriOperator();
  const { memoryOperator } = await import("../backend/memory-operator");
  const { operatorScene } = await import("../backend/memory-operator-scenes");
  const query = new URLSearchParams(location.search);
  document.documentElement.dataset["theme"] = query.get("theme") ?? "";
  return memoryOperator(operatorScene(query));
}
