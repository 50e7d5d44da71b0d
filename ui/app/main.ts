import { mount } from "svelte";
import type { AppBackend } from "../backend/backend";
import { tauriApp } from "../backend/tauri";
import Failure from "../look/Failure.svelte";
import App from "./App.svelte";
import { wearColors } from "./company";
import { createTexts, wordsOf } from "./texts";

const target = document.body;

try {
  const app = await backend();
  const boot = await app.boot();
  document.documentElement.lang = boot.locale;
  wearColors(boot.company, document.documentElement);
  mount(App, { target, props: { backend: app, boot } });
} catch (reason) {
  console.error(reason);
  const t = createTexts(navigator.language.startsWith("ru") ? "ru" : "en");
  mount(Failure, { target, props: { title: t("problem.title"), sentence: wordsOf(reason, t) } });
}

/** `vite build --mode memory` makes a page that a browser can show without the app; the product has none of it. */
async function backend(): Promise<AppBackend> {
  if (import.meta.env.MODE !== "memory") return tauriApp();
  const { memoryApp } = await import("../backend/memory-app");
  const query = new URLSearchParams(location.search);
  document.documentElement.dataset["theme"] = query.get("theme") ?? "";
  return memoryApp(query);
}
