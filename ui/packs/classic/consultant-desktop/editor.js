// The editor: an element that people type into, with a limit of its own (`c-max`).
var Harbour = window.Harbour || {};

Harbour.createEditor = function (chat, send) {
  var creator = chat.refs.messageCreator,
    area = chat.refs.messageEditor;

  function text() {
    return creator.innerText === undefined ? creator.textContent : creator.innerText;
  }

  function roomLeft() {
    return creator.getAttribute("c-max") - text().length;
  }

  function update() {
    // The browser leaves a line break in what was emptied, and nothing would stand there any more.
    if (!creator.textContent && creator.innerHTML === "<br>") {
      creator.innerHTML = "";
    }
    area.classList[text().trim() ? "add" : "remove"]("hb-js-editor--ready");
  }

  /** Backspace, Enter, the arrows and Delete work in a full editor, too. */
  function isEditing(e) {
    return e.ctrlKey || e.metaKey || [8, 13, 37, 38, 39, 40, 46].indexOf(e.which || e.keyCode) !== -1;
  }

  creator.addEventListener("keydown", function (e) {
    if (!isEditing(e) && roomLeft() <= 0 && String(window.getSelection()) === "") {
      e.preventDefault();
      return;
    }
    chat.chatTyping(text());
    if ((e.which || e.keyCode) === 13 && !e.shiftKey) {
      e.preventDefault();
      send();
    }
  });
  creator.addEventListener("keyup", function () {
    // Where Enter has sent, nothing is being typed any more.
    chat.chatTyping(text());
    update();
  });
  creator.addEventListener("paste", function (e) {
    var pasted = e.clipboardData.getData("text/plain").slice(0, Math.max(0, roomLeft()));
    e.preventDefault();
    // It keeps the caret and what can be undone; where it is missing, the end will do.
    if (!document.execCommand || !document.execCommand("insertText", false, pasted)) {
      creator.textContent = text() + pasted;
    }
    update();
  });

  return {
    text: function () {
      return text().trim();
    },
    clear: function () {
      creator.innerHTML = "";
      update();
    },
    focus: function () {
      creator.focus();
    },
    setEnabled: function (isEnabled) {
      area.classList[isEnabled ? "remove" : "add"]("hb-js-editor--disabled");
      creator.setAttribute("contenteditable", isEnabled);
    },
  };
};
