// The online consultant of a bookshop, written as such forms were written for websites: ES5, one closure, the
// `Comagic` namespace, rules that say what is visible, log lines that are widgets.
//
// What must always hold: nobody shows or hides a widget but the rules; everybody else publishes what is wanted.
Comagic.UI.registerViewController("consultant", function (settings, tpls) {
  var SOUND_KEY = "hb_sound_off",
    GROUP_KEY = "hb_group_id",
    TYPING_MS = 5000,
    Harbour = window.Harbour,
    words = settings.words,
    widgets = {},
    wanted = "rack",
    typingTimer = null,
    isCardAsked = false,
    observer,
    editor,
    chat,
    refs,
    log;

  settings.accent = "#" + String(settings.common.banner_color || "24567f").replace("#", "");
  document.documentElement.style.setProperty("--hb-accent", settings.accent);
  document.documentElement.style.setProperty("--hb-on-accent", Comagic.UI.getContrastColor(settings.accent));

  // -- widgets --

  function helperCls(widget) {
    return "hb-js-" + widget.name.replace(/_/g, "-");
  }

  function toggle(widget, isShown) {
    var el = widget.getEl();
    el.classList[isShown ? "remove" : "add"](helperCls(widget) + "--hidden");
    el.classList[isShown ? "add" : "remove"](helperCls(widget) + "--shown");
  }

  function newWidget(name) {
    widgets[name] = Comagic.UI.createWidget(name, {
      settings: settings,
      tpl: tpls[name],
      show: function (isApi) {
        if (isApi) {
          observer.pub(name);
          return false;
        }
        toggle(this, true);
      },
      hide: function () {
        toggle(this, false);
      },
    });
    return widgets[name];
  }

  /** The telephone's form may have made the rack already: the labels of both stand in one. */
  function renderRack() {
    var rack = newWidget("rack"),
      el = rack
        .getRenderTo()
        .querySelector(".hb-rack--" + settings.chat.h_position + ".hb-rack--" + settings.chat.v_position);
    if (el) {
      rack.attachEl(el);
    } else {
      rack.render();
    }
  }

  renderRack();
  newWidget("consultant_label").render(widgets.rack.getEl());
  chat = newWidget("consultant_chat");
  chat.render();
  refs = chat.refs;
  newWidget("consultant_chat_group_selector").render(refs.groupSelector);
  newWidget("consultant_offline_message").render();
  log = Harbour.createLog(chat, tpls, words);
  editor = Harbour.createEditor(chat, askCardAndSend);
  Harbour.createOffline(widgets.consultant_offline_message, function () {
    observer.pub("rack");
  });

  // -- what is visible --

  function isChatOffered() {
    return settings.chat.is_visible && (chat.isChatAvailable() || chat.getState() !== "available");
  }

  function isGroupNeeded() {
    return (
      settings.chat.is_groups_enabled && chat.getState() === "available" && !currentGroup() && !isCardAsked
    );
  }

  function rulesReducer(action) {
    var isChat = isChatOffered(),
      isOffline = settings.offline_message.is_visible && !isChat;
    wanted = action;
    return {
      rack: action === "rack",
      consultant_label: action === "rack" && (isChat || isOffline),
      consultant_label_chat: isChat,
      consultant_chat: action === "consultant_chat" || action === "consultant_chat_group_selector",
      consultant_chat_group_selector:
        (action === "consultant_chat" || action === "consultant_chat_group_selector") && isGroupNeeded(),
      consultant_offline_message: action === "consultant_offline_message",
    };
  }

  function updateVisibility(rules) {
    var name;
    for (name in widgets) {
      if (rules[name] && !widgets[name].isVisible()) {
        widgets[name].show();
      } else if (!rules[name] && widgets[name].isVisible()) {
        widgets[name].hide();
      }
    }
  }

  function updateLabel(rules) {
    var isTalk = chat.getState() === "chat",
      label = widgets.consultant_label;
    label.getEl().classList[rules.consultant_label_chat ? "add" : "remove"]("hb-js-label--chat");
    label.getEl().classList[rules.consultant_label_chat ? "remove" : "add"]("hb-js-label--offline");
    label.refs.title.innerHTML = isTalk ? words.label_talk : words.label_chat;
    label.refs.hint.innerHTML = isTalk ? words.label_talk_hint : words.label_chat_hint;
    updateUnread();
  }

  function updateUnread() {
    widgets.consultant_label.refs.counter.innerHTML = chat.getUnreadCounter() || "";
  }

  function updateHead() {
    var operator = chat.getOperatorVcard(),
      state = chat.getState(),
      isGroups = widgets.consultant_chat_group_selector.isVisible(),
      text = chat.isChatAvailable() ? words.online : words.away;
    if (state === "invite") {
      text = words.invites;
    } else if (operator) {
      text = operator.position || words.online;
    } else if (state === "chat") {
      text = words.waiting;
    }
    refs.avatar.src = (operator && operator.avatar) || Comagic.UI.C.IMAGES.OPERATOR;
    refs.avatar.classList[operator ? "remove" : "add"]("hb-js-btn-hidden");
    refs.headerTitle.textContent =
      (operator && operator.name) || (isGroups && settings.chat.group_title) || settings.chat.title;
    refs.headerState.textContent = text;
    toggleBtn("endBtn", state === "chat");
  }

  function updateGroups() {
    var isChoosing = widgets.consultant_chat_group_selector.isVisible();
    chat.getEl().classList[isChoosing ? "add" : "remove"]("hb-js-choosing");
    updateHead();
  }

  function toggleBtn(name, isShown) {
    if (refs[name]) {
      refs[name].classList[isShown ? "remove" : "add"]("hb-js-btn-hidden");
    }
  }

  // -- the visitor's words --

  function sendVisitorMessage() {
    log.addMessage(chat.sendChatMessage(editor.text(), currentGroup()));
    if (chat.getState() === "invite") {
      chat.inviteAccept();
    }
    editor.clear();
  }

  /** What the company must know of a visitor is asked before the first message, which waits in the editor. */
  function askCardAndSend() {
    var required = chat.getRequiredInfo();
    if (isCardAsked || !editor.text()) {
      return;
    }
    if (required.length) {
      askCard(required, sendVisitorMessage);
    } else {
      sendVisitorMessage();
    }
  }

  function askCard(required, done) {
    var widget = log.addVcard({ sender: "bot", fields: fieldsOf(required) });
    isCardAsked = true;
    editor.setEnabled(false);
    widget.refs.submitBtn.addEventListener("click", function () {
      if (widget.getErrors()) {
        return;
      }
      chat.setVisitorCard(widget.getValues(), function () {
        isCardAsked = false;
        log.showFeedback(widget);
        editor.setEnabled(true);
        done();
      });
    });
  }

  function fieldsOf(names) {
    return settings.chat.fields.filter(function (field) {
      return names.indexOf(field.name) !== -1;
    });
  }

  // -- the group --

  function currentGroup() {
    return Comagic.storage.getItem(GROUP_KEY);
  }

  function setGroup(id) {
    Comagic.storage.setItem(GROUP_KEY, id);
  }

  (widgets.consultant_chat_group_selector.refs.groups || []).forEach(function (el) {
    el.addEventListener("click", function () {
      setGroup(el.dataset.groupId);
      observer.pub("consultant_chat");
      editor.focus();
    });
  });
  widgets.consultant_chat_group_selector.on("show", updateGroups);
  widgets.consultant_chat_group_selector.on("hide", updateGroups);

  // -- what people press --

  widgets.consultant_label.refs.triggerChat.addEventListener("click", function () {
    observer.pub("consultant_chat");
    editor.focus();
  });
  widgets.consultant_label.refs.triggerOfflineMessage.addEventListener("click", function () {
    observer.pub("consultant_offline_message");
  });
  refs.closeBtn.addEventListener("click", function () {
    observer.pub("rack");
    if (chat.getState() === "invite") {
      chat.inviteReject();
    }
  });
  refs.endBtn.addEventListener("click", function () {
    chat.closeChat();
  });
  refs.soundBtn.addEventListener("click", function () {
    Comagic.storage.setItem(SOUND_KEY, refs.soundBtn.classList.toggle("hb-js-sound-off"));
  });
  refs.printBtn.addEventListener("click", function () {
    chat.printCurrentChat();
  });
  refs.emailBtn.addEventListener("click", function () {
    var widget = log.addEmail(Comagic.UI.C.MESSAGES_SETTINGS.email);
    widget.refs.email.focus();
    widget.refs.submitBtn.addEventListener("click", function () {
      if (!widget.getErrors()) {
        Comagic.sendChatByMail(widget.getValues(), function (answer) {
          widget.refs.content.classList[answer.success ? "remove" : "add"]("hb-js-show-failure");
          if (answer.success) {
            log.showFeedback(widget);
          }
        });
      }
    });
  });
  if (refs.ratingBtn) {
    refs.ratingBtn.addEventListener("click", function () {
      var operator = chat.getOperatorVcard() || {},
        widget = log.addRating({ sender: "bot", name: operator.name });
      function rate(mark) {
        return function () {
          chat.setOperatorRating(mark);
          log.showFeedback(widget);
        };
      }
      widget.refs.thumbsUpBtn.addEventListener("click", rate(5));
      widget.refs.thumbsDownBtn.addEventListener("click", rate(1));
      toggleBtn("ratingBtn", false);
    });
  }

  refs.textPusher.addEventListener("click", askCardAndSend);
  if (refs.filePusher) {
    refs.filePusher.addEventListener("change", function () {
      if (chat.getState() === "invite") {
        chat.inviteAccept();
      }
      chat.sendFile(this);
    });
  }

  // -- what the chat says --

  function playSound() {
    var played;
    if (!Comagic.storage.getItem(SOUND_KEY)) {
      played = refs.soundControl.play();
      if (played && played["catch"]) {
        played["catch"](function () {});
      }
    }
  }

  function setTyping(isTyping) {
    clearTimeout(typingTimer);
    log.keepEnd(function () {
      refs.typingIndicator.classList[isTyping ? "add" : "remove"]("hb-js-is-typing");
    });
  }

  chat.on("show", function () {
    if (chat.getState() !== "available") {
      chat.clearUnreadCounter();
    }
    log.open();
  });
  chat.on("showhistory", function (messages) {
    while (messages.length) {
      log.addMessage(messages.shift());
    }
  });
  chat.on("sendmessage", function (message) {
    if (message.sender === "operator") {
      setTyping(false);
      playSound();
    }
    log.addMessage(message);
    updateUnread();
  });
  chat.on("messageviewed", updateUnread);
  chat.on("chattyping", function () {
    setTyping(true);
    typingTimer = setTimeout(function () {
      setTyping(false);
    }, TYPING_MS);
  });
  chat.on("invite", function (message) {
    if (settings.chat.is_visible && message.sender === "operator") {
      setTimeout(function () {
        observer.pub("consultant_chat");
        playSound();
        log.addMessage(message);
      }, 1);
    }
  });
  chat.on("statechange", function (state) {
    if (state === "chat" || state === "invite") {
      observer.pub("consultant_chat");
    } else {
      observer.pub(wanted);
    }
    updateHead();
  });
  chat.on("operatorjoined", updateHead);
  chat.on("operatorleave", updateHead);
  chat.on("ratingchange", function (mark) {
    toggleBtn("ratingBtn", !mark);
  });
  chat.on("chatavailabilitychange", function () {
    observer.pub(wanted);
    updateHead();
  });
  chat.on("showchatretentionaction", function (action) {
    var way = action.alternate_communication_way,
      widget = log.addRetention(Comagic.UI.C.RETENTION_BUTTONS_SETTINGS[way]);
    widget.refs.submitBtn.addEventListener("click", function () {
      chat.closeChat(function () {
        if (way === "sitephone") {
          Comagic.openSitePhonePanel();
        } else if (way === "offline_message") {
          Comagic.openSiteRequestPanel();
        } else {
          setGroup(null);
          Comagic.openChatWindow();
        }
      });
    });
  });

  // -- start --

  if (chat.getState() === "available") {
    setGroup(null);
  }
  observer = Comagic.UI.createObserver(rulesReducer);
  observer.sub(updateVisibility);
  observer.sub(updateLabel);
  if (Harbour.followScreen) {
    Harbour.followScreen(widgets, settings, function () {
      observer.pub(wanted);
    });
  }
  observer.pub("hide_all");
  observer.pub(chat.getState() === "chat" ? "consultant_chat" : "rack");
  updateHead();
  Comagic.on("sleep", function () {
    observer.pub("hide_all");
  });
});
