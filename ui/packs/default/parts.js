// What the scripts of the form share. They are loaded in the order of pack.json and meet in `window.ChatForm`.
//
// Whatever people wrote goes into the page as text, never as HTML.
(function (form) {
  "use strict";

  /** Of these the form's own words are made into elements; never of what somebody wrote. */
  form.icons = {
    star: '<svg viewBox="0 0 24 24" width="28" height="28" aria-hidden="true"><path d="m12 3.6 2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8-4.2-4.1 5.8-.8z" fill="var(--fill, none)" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round"/></svg>',
    up: '<svg viewBox="0 0 24 24" width="28" height="28" aria-hidden="true"><path d="M7.5 10.5v9H4.2v-9zm0 .6 3.6-7.3c1.5 0 2.3 1 2.1 2.4l-.6 3.3h5.3c1.3 0 2.2 1.1 1.9 2.4l-1.2 5.6c-.3 1.2-1.2 2-2.4 2H7.5" fill="var(--fill, none)" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round"/></svg>',
    down: '<svg viewBox="0 0 24 24" width="28" height="28" aria-hidden="true" style="transform: scaleY(-1)"><path d="M7.5 10.5v9H4.2v-9zm0 .6 3.6-7.3c1.5 0 2.3 1 2.1 2.4l-.6 3.3h5.3c1.3 0 2.2 1.1 1.9 2.4l-1.2 5.6c-.3 1.2-1.2 2-2.4 2H7.5" fill="var(--fill, none)" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round"/></svg>',
  };

  /** A button with words on it. */
  form.button = function (words, className, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = className;
    button.dir = "auto";
    button.textContent = words;
    button.addEventListener("click", act);
    return button;
  };

  /** An element of a template and its parts by their first class. */
  form.make = function (template) {
    const node = CallGear.UI.createEl(template);
    return { node, part: (name) => node.querySelector("." + name) };
  };

  /** A template's HTML: packs have them as texts, or compiled. */
  form.html = function (template, settings) {
    return typeof template === "function" ? template(settings) : String(template);
  };

  /** The first letters of a name's first and last word. */
  form.initials = function (name) {
    const words = (name || "").split(/[\s._-]+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
    const last = words.length > 1 ? words[words.length - 1] : "";
    return [words[0], last]
      .map((word) => (word ? Array.from(word)[0] : ""))
      .join("")
      .toUpperCase();
  };

  /** Somebody's picture, else the initials, else the bell that `face` holds. */
  form.drawFace = function (face, name, avatar) {
    const letters = face.querySelector(".face__letters");
    const known = face.querySelector("img");
    const hasPicture = Boolean(avatar) && avatar !== CallGear.UI.C.IMAGES.OPERATOR;
    letters.textContent = hasPicture ? "" : form.initials(name);
    face.classList.toggle("face--person", hasPicture || letters.textContent !== "");
    if (!hasPicture || (known && known.src !== avatar))
      face.querySelectorAll("img").forEach((one) => one.remove());
    if (!hasPicture || face.querySelector("img")) return;
    const picture = document.createElement("img");
    picture.alt = "";
    picture.src = avatar;
    face.append(picture);
  };

  /** An answer's words: they come safe as HTML and are shown as text. */
  form.plain = function (html) {
    return new DOMParser().parseFromString(String(html || ""), "text/html").body.textContent;
  };

  /** Why a method was refused, in words. */
  form.reason = function (answer, otherwise) {
    return (answer.info && form.plain(answer.info.message)) || otherwise;
  };

  /** How many messages are new, in words. */
  form.newWords = function (texts, count) {
    return count === 1 ? texts.new_one : texts.new_many.replace("{count}", count);
  };

  /** Does somebody look at the window? */
  form.isWatched = function () {
    return document.visibilityState === "visible" && document.hasFocus();
  };
})((window.ChatForm = window.ChatForm || {}));
