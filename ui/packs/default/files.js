// Files: the button beside the composer, and the card in a bubble with its picture, its way to the desk and what can be
// done about that. What is dropped or pasted the window itself takes, and what a click on a card opens, too.
(function (form) {
  "use strict";

  const svg = (size, path) =>
    `<svg viewBox="0 0 24 24" width="${size}" height="${size}" aria-hidden="true"><path d="${path}" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"/></svg>`;
  const SHEET = "M6.5 3.5h7l4 4v13h-11zM13.5 3.5v4h4";
  const SHAPES = {
    image: "M4.5 5h15v14h-15zM5 16l4.5-4.5 3.5 3.5 2.5-2.500L19.5 16M15 9v.1",
    audio:
      "M9 17.500V6l9-2v11.500M9 17.500a2.3 2.3 0 1 1-4.6 0 2.3 2.3 0 0 1 4.6 0M18 15.500a2.3 2.3 0 1 1-4.6 0 2.3 2.3 0 0 1 4.6 0",
    video: "M4 6.500h10.500v11H4zM14.5 10.500l5-3v9l-5-3z",
    archive: SHEET + "M11 4.500v1.500M12 7v1.500M11 9.500V11M12 12.500v2.5",
  };
  const SIGNS = {
    pause: "M9 6.500v11M15 6.500v11",
    resume: "M8.5 5.5 18 12l-9.5 6.500z",
    cancel: "m7 7 10 10M17 7 7 17",
  };
  const UNITS = ["b", "kb", "mb", "gb"];

  /** What a message says, in a place for one line. */
  form.gist = function (message) {
    return message.text || message.fx_name || "";
  };

  /** The button; `send(files)` takes what was chosen. */
  form.createAttach = function ({ chat, settings, texts }, send) {
    const { attach, filePusher } = chat.refs;
    attach.hidden = !settings.chat.is_file_transfer;
    attach.setAttribute("aria-label", texts.attach);
    attach.title = texts.attach;
    attach.addEventListener("click", () => filePusher.click());
    filePusher.addEventListener("change", () => {
      const files = [...filePusher.files];
      filePusher.value = "";
      if (files.length > 0) send(files);
    });
  };

  /** A card for the file of a message; `draw(progress, isFailed)` shows how its way goes. */
  form.createFileCard = function ({ chat, texts, lang }, message) {
    const card = document.createElement("div");
    card.className = message.text === "" ? "file" : "file file--worded";
    const link = document.createElement("a");
    link.className = "file__link";
    link.href = message.fx_link;
    link.target = "_blank";
    link.dataset.test = "file-link";
    const facts = document.createElement("span");
    facts.className = "file__facts";
    const words = document.createElement("span");
    words.className = "file__words";
    words.append(nameOf(message.fx_name), facts);
    link.append(...pictureOf(message), words);
    const bar = document.createElement("progress");
    bar.className = "file__bar";
    bar.max = 100;
    const acts = document.createElement("span");
    acts.className = "file__acts";
    const act = (deed, label) => {
      const button = form.button("", "file__act", () => chat.controlFile(message.uid, deed));
      button.innerHTML = svg(18, SIGNS[deed]);
      button.setAttribute("aria-label", label);
      button.title = label;
      button.dataset.test = `file-${deed}`;
      return button;
    };
    const pause = act("pause", texts.file_pause);
    const resume = act("resume", texts.file_resume);
    const cancel = act("cancel", texts.file_cancel);
    acts.append(pause, resume, cancel);
    card.append(link, bar, acts);

    const draw = (progress, isFailed) => {
      const isMoving = Boolean(progress) && !isFailed;
      card.classList.toggle("file--moving", isMoving || isFailed);
      bar.hidden = !isMoving;
      acts.hidden = !isMoving && !isFailed;
      pause.hidden = isFailed || (isMoving && progress.state === "paused");
      resume.hidden = !isFailed && !(isMoving && progress.state === "paused");
      if (isMoving) bar.value = percentOf(progress);
      facts.textContent = isMoving ? wayWords(progress, texts, lang) : message.fx_size_info;
    };
    draw(message.fx_progress, message.status === "failed");
    return { card, draw };
  };

  /** The picture where there is one, else the sign of its kind. */
  function pictureOf({ fx_kind, fx_preview }) {
    const sign = document.createElement("span");
    sign.className = "file__sign";
    sign.innerHTML = svg(22, SHAPES[fx_kind] || SHEET);
    if (!fx_preview) return [sign];
    const image = document.createElement("img");
    image.className = "file__picture";
    image.alt = "";
    image.hidden = true;
    // It may be elsewhere yet: the page asks again when it has come.
    image.addEventListener("load", () => {
      image.hidden = false;
      sign.hidden = true;
      image.dispatchEvent(new Event("filepicture", { bubbles: true }));
    });
    image.addEventListener("error", () => {
      image.hidden = true;
      sign.hidden = false;
    });
    image.src = fx_preview;
    return [image, sign];
  }

  /** The end of a name, which says what it is, is shown whatever is cut. */
  function nameOf(name) {
    const element = document.createElement("span");
    element.className = "file__name";
    element.title = name;
    const dot = name.lastIndexOf(".");
    const from = dot > 0 && name.length - dot <= 12 ? dot : name.length;
    for (const [part, text] of [
      ["start", name.slice(0, from)],
      ["end", name.slice(from)],
    ]) {
      const piece = document.createElement("bdi");
      piece.className = `file__${part}`;
      piece.textContent = text;
      element.append(piece);
    }
    return element;
  }

  function percentOf({ sent, total }) {
    return total > 0 ? Math.min(100, Math.floor((sent / total) * 100)) : 0;
  }

  function wayWords(progress, texts, lang) {
    const { state, speed, left } = progress;
    const words = [`${percentOf(progress)} %`];
    if (state === "paused") words.unshift(texts.file_paused);
    // All of it may be there, and its message still wait for those before it.
    if (state === "waiting" || (state === "running" && progress.sent >= progress.total))
      words.unshift(texts.file_waiting);
    if (state === "running" && speed)
      words.push(texts.file_speed.replace("{size}", sizeOf(speed, texts, lang)));
    if (state === "running" && left !== null) {
      const minutes = Math.ceil(left / 60);
      const rest = left < 60 ? texts.file_seconds : texts.file_minutes;
      words.push(rest.replace("{count}", left < 60 ? Math.max(1, Math.ceil(left)) : minutes));
    }
    return words.join(" · ");
  }

  function sizeOf(bytes, texts, lang) {
    let at = 0;
    let count = bytes;
    while (at < UNITS.length - 1 && count >= 1000) {
      count /= 1024;
      at += 1;
    }
    const digits = at > 0 && count < 100 ? 1 : 0;
    return `${count.toLocaleString(lang, { maximumFractionDigits: digits })} ${texts.units[at]}`;
  }
})((window.ChatForm = window.ChatForm || {}));
