// The call back: a label in the rack that the consultant may have made already, and a form with days and times.
Comagic.UI.registerViewController("sitephone", function (settings, tpls) {
  var FEEDBACK_MS = 3000,
    HIDDEN = {
      rack: "hb-js-rack--hidden",
      sitephone_label: "sp-js-label--hidden",
      sitephone: "sp-js-panel--hidden",
    },
    widgets = {},
    refs,
    observer;

  ["rack", "sitephone_label", "sitephone"].forEach(function (name) {
    widgets[name] = Comagic.UI.createWidget(name, {
      settings: settings,
      tpl: tpls[name],
      show: function (isApi) {
        if (isApi) {
          observer.pub(name);
          return false;
        }
        this.getEl().classList.remove(HIDDEN[name]);
      },
      hide: function () {
        this.getEl().classList.add(HIDDEN[name]);
      },
    });
  });

  (function (rack) {
    var place = ".hb-rack--" + settings.h_position + ".hb-rack--" + settings.v_position,
      el = rack.getRenderTo().querySelector(place);
    if (el) {
      rack.attachEl(el);
    } else {
      rack.render();
    }
  })(widgets.rack);
  widgets.sitephone_label.render(widgets.rack.getEl());
  widgets.sitephone.render();
  refs = widgets.sitephone.refs;

  function rulesReducer(action) {
    return {
      rack: action === "rack",
      sitephone_label: action === "rack" && settings.is_visible && settings.is_schedule_active,
      sitephone: action === "sitephone",
    };
  }

  function updateVisibility(rules) {
    Object.keys(widgets).forEach(function (name) {
      if (!rules[name] !== !widgets[name].isVisible()) {
        widgets[name][rules[name] ? "show" : "hide"]();
      }
    });
  }

  /** The rack's place: the consultant publishes it too. */
  function leave() {
    observer.pub("rack");
  }

  // -- later --

  function setLater(isLater) {
    refs.dateFields.classList[isLater ? "add" : "remove"]("sp-js-later");
    refs.date[isLater ? "removeAttribute" : "setAttribute"]("c-disabled", "");
    refs.delayedCallTime[isLater ? "removeAttribute" : "setAttribute"]("c-disabled", "");
    refs.date.selectedIndex = 0;
    refs.delayedCallTime.innerHTML = "";
    refs.delayedCallTimeCustomSelect.classList.add("comagic-js-select-disabled");
  }

  if (settings.delayed_call_times) {
    setLater(false);
    refs.dateChangeTrigger.addEventListener("click", function () {
      setLater(true);
    });
    refs.dateNowTrigger.addEventListener("click", function () {
      setLater(false);
    });
    refs.date.addEventListener("change", function () {
      var day = settings.delayed_call_times[refs.date.value];
      refs.delayedCallTime.innerHTML = Comagic.UI.createEl(tpls.sitephone_times_options, day).innerHTML;
      refs.delayedCallTimeCustomSelect.classList.remove("comagic-js-select-disabled");
    });
  }

  // -- the call --

  widgets.sitephone_label.refs.trigger.addEventListener("click", function () {
    observer.pub("sitephone");
    refs.phone.focus();
  });
  refs.closeBtn.addEventListener("click", leave);
  refs.submitBtn.addEventListener("click", function () {
    if (!widgets.sitephone.getErrors()) {
      refs.submitBtn.disabled = true;
      widgets.sitephone.startCall(widgets.sitephone.getValues());
    }
  });
  widgets.sitephone.on("callcomplete", function (answer) {
    var cls = "sp-js-feedback--" + (answer.success ? "success" : "failure");
    refs.submitBtn.disabled = false;
    if (answer.info) {
      refs.feedbackTitle.innerHTML = answer.info.title;
      refs.feedbackMessage.innerHTML = answer.info.message;
    }
    refs.content.classList.add(cls);
    setTimeout(function () {
      refs.content.classList.remove(cls);
      if (answer.success && widgets.sitephone.isVisible()) {
        leave();
      }
    }, FEEDBACK_MS);
  });

  observer = Comagic.UI.createObserver(rulesReducer);
  observer.sub(updateVisibility);
  // A conversation that goes on is not covered.
  if (!Comagic.UI.getWidget("consultant_chat") || !Comagic.UI.getWidget("consultant_chat").isVisible()) {
    leave();
  }
});
