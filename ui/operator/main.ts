import { mount } from "svelte";
import type { OperatorBackend } from "../backend/backend";
import { tauriOperator } from "../backend/tauri";
import Failure from "../look/Failure.svelte";
import { whileWaiting } from "../look/waiting";
import { Workplace } from "../model/operator-workplace";
import { asProblem } from "../model/problem";
import Operator from "./Operator.svelte";
import { createTexts } from "./texts";

const target = document.body;
// The app has not told its language yet.
const { t, wordsOf } = createTexts(navigator.language.startsWith("ru") ? "ru" : "en");
const started = whileWaiting(t("page.starting"));

try {
  const workplace = await Workplace.start(await backend()).finally(started);
  document.documentElement.lang = workplace.state.locale;
  mount(Operator, { target, props: { workplace } });
} catch (reason) {
  console.error(reason);
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
