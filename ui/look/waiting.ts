// A start may wait for the person, who has to unlock the keyring first: an empty window would look broken.
import "./waiting.css";

/** Milliseconds of waiting that pass in silence. */
const PATIENCE_MS = 1500;

/** Shows the words while something is waited for, though not at once; call the answer when it is over. */
export function whileWaiting(words: string): () => void {
  const note = document.createElement("p");
  note.className = "waiting";
  note.dataset["test"] = "starting";
  note.setAttribute("role", "status");
  note.textContent = words;
  const timer = setTimeout(() => document.body.append(note), PATIENCE_MS);
  return () => {
    clearTimeout(timer);
    note.remove();
  };
}
