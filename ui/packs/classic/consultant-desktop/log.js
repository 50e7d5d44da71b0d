// The log: every line is a widget, named after its sender and its kind. Newer lines go to the end, older ones before
// the first.
var Harbour = window.Harbour || {};

Harbour.createLog = function (chat, tpls, words) {
  var log = chat.refs.log,
    newest = null,
    oldest = null,
    isAtEnd = true;

  function newMessageWidget(kind, message) {
    var name = "consultant_chat_" + message.sender + "_" + (message.fx_link ? "file_" : "") + kind;
    return Comagic.UI.createWidget(name, {
      settings: message,
      tpl: tpls[name],
      show: function () {
        var me = this;
        setTimeout(function () {
          me.getEl().classList.remove("hb-js-message--hidden");
        }, 1);
      },
    });
  }

  /** One author's messages stand together: the face is beside the last of them. */
  function join(widget, isOlder) {
    var upper = isOlder ? widget : newest,
      lower = isOlder ? oldest : widget;
    if (upper && lower && upper.settings.sender === lower.settings.sender) {
      upper.getEl().classList.remove("hb-js-last-message");
      lower.getEl().classList.add("hb-js-next-message");
    }
    if (isOlder || !oldest) {
      oldest = widget;
    }
    if (!isOlder) {
      newest = widget;
    }
  }

  function scrollToEnd() {
    log.scrollTop = log.scrollHeight;
    isAtEnd = true;
  }

  function addFn(kind, isOlder) {
    return function (message) {
      var widget;
      message.words = words;
      widget = newMessageWidget(kind, message);
      widget.render(log, isOlder && log.firstChild);
      join(widget, isOlder);
      widget.show();
      if (chat.isVisible() && message.sender === "operator") {
        chat.clearUnreadCounter();
      }
      if (!isOlder) {
        scrollToEnd();
      }
      return widget;
    };
  }

  var addOlder = addFn("message", true);

  /** A page of history comes newest first: each line goes before the one that came before it. */
  function addHistory() {
    var history = chat.getHistory(),
      height = log.scrollHeight,
      i;
    for (i = 0; history && i < history.length; i++) {
      addOlder(history[i]);
    }
    log.scrollTop = log.scrollHeight - height;
  }

  log.addEventListener("scroll", function () {
    isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 24;
    if (log.scrollTop === 0) {
      addHistory();
    }
  });

  /** A picture takes its room when it has come. */
  log.addEventListener(
    "load",
    function () {
      if (isAtEnd) {
        scrollToEnd();
      }
    },
    true
  );

  return {
    addMessage: addFn("message"),
    addEmail: addFn("email_message"),
    addVcard: addFn("vcard_message"),
    addRating: addFn("rating_message"),
    addRetention: addFn("retention_message"),
    /** Where nothing can be scrolled, nobody could ask for what was said before. */
    open: function () {
      if (log.scrollHeight <= log.offsetHeight && chat.hasHistory()) {
        addHistory();
      }
      scrollToEnd();
    },
    /** Who looks at the last line goes on doing so. */
    keepEnd: function (change) {
      var wasAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 24;
      change();
      if (wasAtEnd) {
        scrollToEnd();
      }
    },
    showFeedback: function (widget) {
      widget.refs.content.classList.add("hb-js-show-feedback");
    },
  };
};
