// The fields of sheets: which there are, their names, and what is wrong with them, said beside each.
(function (form) {
  "use strict";

  const NOT_VALID = "comagic-js-field--not-valid";
  const CARD = ["name", "email", "phone"];

  const linesOf = (widget) => [...widget.getEl().querySelectorAll(".line")].filter((line) => !line.hidden);
  const inputOf = (line) => line.querySelector("[c-name]");

  /** Makes the fields that the site asks for; the card's others are left out. `fields`: `{ name, title, is_required }`. */
  form.prepareFields = function (widget, texts, fields) {
    for (const line of widget.getEl().querySelectorAll(".line")) {
      const name = line.dataset.field;
      const field = fields.find((one) => one.name === name);
      const isLeftOut = !field && CARD.includes(name);
      line.hidden = isLeftOut;
      inputOf(line).toggleAttribute("c-disabled", isLeftOut);
      if (!isLeftOut) prepare(widget, texts, line, field || {});
    }
  };

  function prepare(widget, texts, line, field) {
    const { PLACEHOLDERS, PHONE_MASK_FORMAT } = CallGear.UI.C;
    const input = inputOf(line);
    const name = line.dataset.field;
    const label = line.querySelector(".line__label");
    const wrong = line.querySelector(".line__wrong");
    const own = { message: texts.message, group: texts.group };
    input.id = `${widget.name}-${name}`;
    input.dataset.test = `${widget.name}-${name}`;
    label.htmlFor = input.id;
    label.querySelector(".line__words").textContent = field.title || own[name] || PLACEHOLDERS[name] || "";
    wrong.id = `${input.id}-wrong`;
    input.setAttribute("aria-describedby", wrong.id);
    if (name === "phone") input.setAttribute("c-mask", PHONE_MASK_FORMAT);
    const rules = (input.getAttribute("c-validator") || "")
      .split(" ")
      .filter((rule) => rule && rule !== "required");
    const isRequired = field.is_required || line.dataset.required === "true";
    if (isRequired) rules.unshift("required");
    input.setAttribute("c-validator", rules.join(" "));
    input.setAttribute("aria-required", String(Boolean(isRequired)));
    label.classList.toggle("line__label--required", Boolean(isRequired));
  }

  /** Puts what is known of the visitor into fields that are empty. */
  form.fillFields = function (widget, card) {
    for (const line of linesOf(widget)) {
      const input = inputOf(line);
      const name = line.dataset.field;
      const known = name === "name" ? card.name : (card[name] || [])[0];
      if (!CARD.includes(name) || input.value !== "" || !known) continue;
      input.value = known;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  /** The choice of a group: a list whose first entry is nobody in particular. */
  form.prepareGroups = function (widget, texts, options) {
    const line = widget.getEl().querySelector('.line[data-field="group"]');
    if (!line) return;
    const groups = options.is_groups_enabled ? options.allowed_groups : [];
    const select = inputOf(line);
    line.hidden = groups.length < 2;
    select.toggleAttribute("c-disabled", line.hidden);
    if (options.group_title) line.querySelector(".line__words").textContent = options.group_title;
    select.replaceChildren(
      option("", texts.any_group),
      ...groups.map((group) => option(group.id, group.name)),
    );
  };

  function option(value, words) {
    const element = document.createElement("option");
    element.value = value;
    element.textContent = words;
    return element;
  }
  form.option = option;

  /** Is everything right? Otherwise it is said beside each field, and the first of them gets the focus. */
  form.checkFields = function (widget, texts) {
    const errors = widget.getErrors();
    for (const line of linesOf(widget)) draw(line, texts);
    if (!errors) return true;
    const first = linesOf(widget).find((line) => inputOf(line).classList.contains(NOT_VALID));
    if (first) inputOf(first).focus();
    return false;
  };

  /** The runtime marks a field as soon as it is left, and takes the mark away as soon as it is right. */
  form.watchErrors = function (widget, texts) {
    for (const event of ["input", "change", "focusout"]) {
      widget.getEl().addEventListener(event, ({ target }) => {
        const line = target.closest && target.closest(".line");
        if (line) draw(line, texts);
      });
    }
  };

  function draw(line, texts) {
    const input = inputOf(line);
    const wrong = line.querySelector(".line__wrong");
    const isWrong = input.classList.contains(NOT_VALID);
    const words = { email: texts.wrong_email, phone: texts.wrong_phone }[line.dataset.field];
    const isEmpty = !input.value || input.value.trim() === "";
    input.setAttribute("aria-invalid", String(isWrong));
    wrong.hidden = !isWrong;
    wrong.textContent = !isWrong ? "" : isEmpty || !words ? texts.wrong_required : words;
  }

  /** The focus goes to the first field that is empty, else to the title. */
  form.focusFirst = function (widget) {
    const choice = widget
      .getEl()
      .querySelector(".part:not([hidden]) .picks:not(:has(:checked)) input:not(:disabled)");
    if (choice) return choice.focus();
    const inputs = linesOf(widget).map(inputOf);
    const first = inputs.find((input) => input.value === "" && input.tagName !== "SELECT");
    (first || widget.refs.title).focus();
  };

  /** Counts what a long field holds, near its limit. */
  form.countField = function (widget, texts, name) {
    const line = widget.getEl().querySelector(`.line[data-field="${name}"]`);
    const input = inputOf(line);
    const limit = Number(input.getAttribute("c-max"));
    const counter = line.querySelector(".line__count");
    input.addEventListener("input", () => {
      const { length } = input.value;
      counter.hidden = length < limit * 0.9;
      counter.textContent = texts.counter
        .replace("{count}", length.toLocaleString(document.documentElement.lang))
        .replace("{limit}", limit.toLocaleString(document.documentElement.lang));
    });
  };
})((window.ChatForm = window.ChatForm || {}));
