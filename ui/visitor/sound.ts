// Sounds that lie beside a form. WebKitGTK's player loads nothing from an app's own protocols, so such a sound is fetched
// by the page and played from memory.
//
// What must always hold: whoever plays a sound sees no difference but that it is heard; a sound that cannot be had fails
// as it would have failed.

/** Sounds that were fetched, by the address that was asked for: a bell rings often. */
const fetched = new Map<string, Promise<string>>();

/** Lets `play()` find sounds at the app's own protocols. */
export function playOwnSounds(media: HTMLMediaElement = HTMLMediaElement.prototype): void {
  const play = media.play;
  media.play = function (this: HTMLMediaElement): Promise<void> {
    if (!isOwn(this.src)) return play.call(this);
    const asked = this.src;
    return inMemory(asked).then((url) => {
      // It may have been given another sound meanwhile.
      if (this.src === asked) this.src = url;
      return play.call(this);
    });
  };
}

/** Is it at a protocol that the player does not know? Windows has host names for them, which every player knows. */
function isOwn(url: string): boolean {
  return /^(?:tauri|pack):/.test(url);
}

function inMemory(url: string): Promise<string> {
  const known = fetched.get(url);
  if (known) return known;
  const coming = fetch(url)
    .then((response) => (response.ok ? response.blob() : Promise.reject(new TypeError(url))))
    .then((sound) => URL.createObjectURL(sound));
  fetched.set(url, coming);
  // What failed is tried again.
  coming.catch(() => fetched.delete(url));
  return coming.catch(() => url);
}
