import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

// The name is what the Svelte tools look for.
export default { preprocess: vitePreprocess() };
