// The lines of the log: one element each, with its day, name, time and status.
(function (form) {
  "use strict";

  const line = (path) =>
    `<svg viewBox="0 0 16 12" width="16" height="12"><path d="${path}" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/></svg>`;
  const TWO_TICKS = line("M1 6.5 4 9.5 10 2.5M8.8 9.5 14.8 2.5");
  const GLYPHS = {
    queued: line("M10.3 1.5a4.5 4.5 0 1 0 .01 0M10.3 3.8V6.2L12.1 7.3"),
    sent: line("M5.8 6.5 8.8 9.5 14.8 2.5"),
    delivered: TWO_TICKS,
    read: TWO_TICKS,
    failed: line("M8 1.8V6.6M8 9.8V9.9"),
  };

  /** Makes rows of message objects; `takeBack(entry)`: the visitor wants to write its words again. */
  form.createRows = function (desk, takeBack) {
    const { tpls, texts, lang } = desk;
    const setStatus = (entry, status, code) => {
      entry.status = entry.node.dataset.status = status;
      entry.code = code || null;
      if (status !== "failed") entry.durable = true;
      const words = code === "held" ? texts.held : texts[status];
      entry.parts.glyph.innerHTML = GLYPHS[status] || "";
      entry.parts.glyph.setAttribute("aria-label", words);
      entry.parts.glyph.title = words;
      entry.parts.trouble.textContent = status === "failed" ? words : "";
      if (entry.file) entry.file.draw(status === "queued" ? entry.progress : null, status === "failed");
      // What was not sent for want of consent is nowhere but here.
      if (status === "failed" && code === "consent") entry.parts.trouble.append(again(entry));
    };
    const again = (entry) => {
      const button = form.button(texts.write_again, "again", () => takeBack(entry));
      button.dataset.test = "write-again";
      return button;
    };

    return {
      setStatus,
      /** The way of its file goes on. */
      setProgress(entry, progress) {
        entry.progress = progress;
        if (entry.file && entry.status === "queued") entry.file.draw(progress, false);
      },
      create(message) {
        const isSystem = message.sender !== "visitor" && message.sender !== "operator";
        const { node, part } = form.make(isSystem ? tpls.system : tpls.message);
        const parts = {
          day: part("day"),
          author: part("author"),
          meta: part("meta"),
          glyph: part("glyph"),
          trouble: part("trouble"),
        };
        const file = message.fx_link ? form.createFileCard(desk, message) : null;
        part("bubble").textContent = message.text;
        if (file) {
          part("bubble").classList.add("bubble--file");
          part("bubble").prepend(file.card);
        }
        node.dataset.sender = isSystem ? "system" : message.sender;
        if (parts.author) parts.author.textContent = message.from;
        const date = new Date(message.date * 1000);
        const time = node.querySelector("time");
        time.dateTime = date.toISOString();
        time.textContent = CallGear.UI.toTimeString(date).padStart(5, "0");
        const { seq } = message;
        const entry = {
          message,
          node,
          parts,
          file,
          progress: message.fx_progress,
          date,
          seq,
          status: null,
          code: null,
          durable: false,
        };
        if (message.sender === "visitor") setStatus(entry, message.status || "sent", message.code);
        return entry;
      },
      /** Day, name, time and status of a line depend on those round it. */
      arrange(entries, index) {
        const entry = entries[index];
        if (!entry) return;
        const before = entries[index - 1];
        const after = entries[index + 1];
        const isNewDay = !before || dayOf(before) !== dayOf(entry);
        const isLast = !after || dayOf(after) !== dayOf(entry) || !isSameGroup(entry, after);
        const { parts, node } = entry;
        parts.day.hidden = !isNewDay;
        parts.day.textContent = isNewDay ? dayText(entry, texts, lang) : "";
        node.classList.toggle("row--first", isNewDay || !isSameGroup(before, entry));
        node.classList.toggle("row--last", isLast);
        parts.meta.hidden = !isLast && entry.status !== "failed";
        if (!parts.author) return;
        const isNamed = form.isOperators(entry) && entry.message.from !== "";
        parts.author.hidden = !isNamed || !(isNewDay || isNewcomer(entries, index));
      },
    };
  };

  form.isOperators = function (entry) {
    return entry.message.sender === "operator";
  };

  /** Did another operator, or none, speak before on this day? */
  function isNewcomer(entries, index) {
    const entry = entries[index];
    const last = entries.slice(0, index).findLast(form.isOperators);
    return !last || last.message.from !== entry.message.from || dayOf(last) !== dayOf(entry);
  }

  function isSameGroup(a, b) {
    return (
      a.message.sender === b.message.sender &&
      a.message.from === b.message.from &&
      a.status !== "failed" &&
      Math.floor(a.message.date / 60) === Math.floor(b.message.date / 60)
    );
  }

  function dayOf(entry) {
    return entry.date.toDateString();
  }

  function dayText(entry, texts, lang) {
    const days = Math.round((midnight(new Date()) - midnight(entry.date)) / 86_400_000);
    if (days === 0) return texts.today;
    if (days === 1) return texts.yesterday;
    const isThisYear = entry.date.getFullYear() === new Date().getFullYear();
    const shape = {
      weekday: isThisYear ? "long" : undefined,
      day: "numeric",
      month: "long",
      year: isThisYear ? undefined : "numeric",
    };
    return new Intl.DateTimeFormat(lang, shape).format(entry.date);
  }

  function midnight(date) {
    return new Date(date.getFullYear(), date.getMonth(), date.getDate());
  }
})((window.ChatForm = window.ChatForm || {}));
