// Before the first message: for which group it is, and what the site must know of the visitor. And the same card later,
// to be changed.
(function (form) {
  "use strict";

  form.createStart = function (desk) {
    const { chat, settings, texts } = desk;
    const { refs } = chat;
    const groups = settings.chat.is_groups_enabled ? settings.chat.allowed_groups : [];
    let chosen = groups.length === 1 ? groups[0] : null;

    const drawChosen = () => {
      const isShown = chosen !== null && groups.length > 1 && chat.getState() !== "chat";
      refs.group.hidden = !isShown;
      if (isShown) refs.groupWords.textContent = texts.to_group.replace("{name}", () => chosen.name);
    };
    const isFree = () => chat.getState() === "available" || chat.getState() === "lead";
    const mustChoose = () => groups.length > 1 && chosen === null && isFree();

    refs.group.addEventListener("click", () => sheet().open(["", []]));
    refs.group.title = texts.choose_group;
    chat.on("statechange", (state) => {
      // The next chat is chosen for anew.
      if (state === "chat" && groups.length > 1) chosen = null;
      drawChosen();
    });

    let made = null;
    const sheet = () => {
      made = made || form.createSheet(desk, plan);
      return made;
    };
    let text = "";
    let files = [];
    const waits = () => text !== "" || files.length > 0;
    const plan = {
      name: "consultant_start",
      template: "consultant_start",
      title: texts.start_title,
      action: CallGear.UI.C.START_CHAT_TEXT,
      build(widget) {
        const list = widget.refs.groups;
        widget.refs.groupsTitle.textContent = settings.chat.group_title || texts.group_title;
        widget.refs.cardTitle.textContent = CallGear.UI.C.VCARD_TEXT;
        list.setAttribute("aria-label", widget.refs.groupsTitle.textContent);
        list.append(...groups.map((group) => groupRow(group, desk)));
        list.addEventListener("change", () => (widget.refs.groupsWrong.hidden = true));
      },
      open(widget, [words, chosenFiles]) {
        text = words;
        files = chosenFiles;
        const { refs: own } = widget;
        own.quote.hidden = !waits();
        own.quote.textContent = [...files.map(({ name }) => name), text].filter(Boolean).join("\n");
        own.groupsPart.hidden = groups.length < 2 || !isFree();
        own.groupsWrong.hidden = true;
        drawAvailability(own.groups, chat, texts, chosen);
        const lacking = waits() ? chat.getRequiredInfo() : [];
        const fields = settings.chat.fields.filter(({ name }) => lacking.includes(name));
        own.cardPart.hidden = lacking.length === 0;
        form.prepareFields(
          widget,
          texts,
          lacking.map((name) => fields.find((one) => one.name === name) || { name, is_required: true }),
        );
        own.submit.textContent = waits() ? texts.send : texts.choose;
      },
      submit(values, sheet) {
        const { refs: own } = sheet.widget;
        const ticked = own.groups.querySelector("input:checked");
        if (!own.groupsPart.hidden) {
          if (!ticked) {
            own.groupsWrong.textContent = texts.wrong_group;
            own.groupsWrong.hidden = false;
            const first = own.groups.querySelector("input:not(:disabled)");
            if (first) first.focus();
            return;
          }
          chosen = groups.find((group) => String(group.id) === ticked.value) || null;
        }
        drawChosen();
        if (own.cardPart.hidden) return go(sheet);
        form.saveCard(desk, values, sheet, () => {
          if (chat.getRequiredInfo().length === 0) go(sheet);
          else sheet.say(texts.card_lacks);
        });
      },
    };
    const go = (sheet) => {
      const [words, chosenFiles] = [text, files];
      sheet.close();
      if (words !== "") desk.send(words);
      if (chosenFiles.length > 0) desk.sendFiles(chosenFiles);
      desk.composer.focus();
    };

    return {
      /** Is there something to ask before words may be sent? */
      needs: () => mustChoose() || chat.getRequiredInfo().length > 0,
      hasGroups: () => groups.length > 1 && isFree(),
      /** The group of a first message. */
      group: () => (chosen !== null && isFree() ? chosen.id : undefined),
      /** What was typed or chosen, and waits; nothing: only the group is chosen. */
      open: (words, chosenFiles = []) => sheet().open([words, chosenFiles]),
    };
  };

  function groupRow(group, { texts }) {
    const row = document.createElement("label");
    row.className = "pick";
    const input = document.createElement("input");
    input.type = "radio";
    input.name = "group";
    input.value = group.id;
    input.dataset.test = `group-${group.id}`;
    const words = document.createElement("bdi");
    words.className = "pick__words";
    words.textContent = group.name;
    const state = document.createElement("span");
    state.className = "pick__state";
    state.textContent = texts.nobody_here;
    row.append(input, words, state);
    return row;
  }

  /** Greyed with a word where nobody is; while nobody is anywhere, everything can be chosen: the message waits. */
  function drawAvailability(list, chat, texts, chosen) {
    const inputs = [...list.querySelectorAll("input")];
    const here = inputs.filter((input) => chat.isChatAvailable(input.value));
    for (const input of inputs) {
      const isAway = !here.includes(input);
      input.disabled = isAway && here.length > 0;
      input.checked = !input.disabled && chosen !== null && String(chosen.id) === input.value;
      input.parentElement.classList.toggle("pick--away", isAway);
      input.parentElement.querySelector(".pick__state").hidden = !isAway;
    }
  }

  /** Saves what the visitor says of himself; `then` runs where nothing went wrong. */
  form.saveCard = function (desk, { name, email, phone }, sheet, then) {
    desk.trouble = null;
    sheet.setBusy(true);
    desk.chat.setVisitorCard({ name, email, phone }, () => {
      sheet.setBusy(false);
      // What is refused is told by an event, before this.
      if (desk.trouble === null) then();
    });
  };

  /** The card, from the menu. */
  form.createCard = function (desk) {
    const { chat, settings, texts } = desk;
    const given = settings.chat.fields.filter(({ name }) => ["name", "email", "phone"].includes(name));
    const fields = given.length > 0 ? given : ["name", "email", "phone"].map((name) => ({ name }));
    let made = null;
    const plan = {
      name: "consultant_card",
      template: "consultant_card",
      title: texts.card_title,
      action: texts.save,
      build(widget) {
        widget.refs.lead.textContent = texts.card_lead;
        form.prepareFields(widget, texts, fields);
      },
      open(widget) {
        widget.refs.form.reset();
        form.fillFields(widget, chat.getVisitorCard());
      },
      submit(values, sheet) {
        form.saveCard(desk, values, sheet, () => sheet.finish(texts.saved, ""));
      },
    };
    return {
      open() {
        made = made || form.createSheet(desk, plan);
        made.open();
      },
    };
  };
})((window.ChatForm = window.ChatForm || {}));
