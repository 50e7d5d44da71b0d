import { mount } from "svelte";
import type { AppBackend } from "../backend/backend";
import { tauriApp } from "../backend/tauri";
import App from "./App.svelte";

const app = await backend();
const boot = await app.boot();
document.documentElement.lang = boot.locale;
mount(App, { target: document.body, props: { backend: app, boot } });

/** `vite build --mode memory` makes a page that a browser can show without the app; the product has none of it. */
async function backend(): Promise<AppBackend> {
  if (import.meta.env.MODE !== "memory") return tauriApp();
  const { memoryApp } = await import("../backend/memory-app");
  const query = new URLSearchParams(location.search);
  document.documentElement.dataset["theme"] = query.get("theme") ?? "";
  return memoryApp(query);
}
