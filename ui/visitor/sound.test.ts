// Sounds at the app's own protocols.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { playOwnSounds } from "./sound";

const played: string[] = [];
let asked: string[];

let media: object;

function sound(src: string): HTMLMediaElement {
  return Object.assign(Object.create(media) as HTMLMediaElement, { src });
}

beforeEach(() => {
  played.length = 0;
  asked = [];
  media = {
    play(this: HTMLMediaElement): Promise<void> {
      played.push(this.src);
      return Promise.resolve();
    },
  };
  playOwnSounds(media as HTMLMediaElement);
  let made = 0;
  vi.stubGlobal("fetch", (url: string) => {
    asked.push(url);
    return Promise.resolve(url.includes("none") ? new Response(null, { status: 404 }) : new Response("x"));
  });
  vi.spyOn(URL, "createObjectURL").mockImplementation(() => `blob:${String((made += 1))}`);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("a sound of a pack is fetched once and played from memory", async () => {
  await sound("pack://localhost/1/bell.wav").play();
  const again = sound("pack://localhost/1/bell.wav");
  await again.play();
  await again.play();
  expect([asked, played]).toEqual([["pack://localhost/1/bell.wav"], ["blob:1", "blob:1", "blob:1"]]);
});

test("the built-in form's bell, too; what the player knows itself is left alone", async () => {
  await sound("tauri://localhost/packs/default/bell.wav").play();
  await sound("http://pack.localhost/1/bell.wav").play();
  await sound("data:audio/wav;base64,").play();
  expect(played).toEqual(["blob:1", "http://pack.localhost/1/bell.wav", "data:audio/wav;base64,"]);
});

test("a sound that is not there fails as it would have, and is looked for again", async () => {
  await sound("pack://localhost/1/none.wav").play();
  await sound("pack://localhost/1/none.wav").play();
  expect([asked.length, played]).toEqual([2, Array(2).fill("pack://localhost/1/none.wav")]);
});
