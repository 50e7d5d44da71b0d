// What a phone does otherwise: forms fill the screen, and the label is a bubble whose size goes by the screen's width.
var Harbour = window.Harbour || {};

Harbour.followScreen = function (widgets, settings, showAgain) {
  var Mobile = Comagic.UI.Mobile,
    label = widgets.consultant_label,
    SIZE = 17,
    MARGINS = { top: 6, left: 6 };

  function placeLabel() {
    Mobile.updateLabelStyles(
      label.getEl(),
      { width: SIZE, height: SIZE },
      null,
      { top: settings.chat.v_position, left: settings.chat.h_position },
      MARGINS
    );
  }

  [widgets.consultant_chat, widgets.consultant_offline_message].forEach(function (widget) {
    widget.on("show", function () {
      Mobile.form();
    });
    widget.on("hide", function () {
      Mobile.unform();
    });
  });
  label.on("beforeshow", function () {
    return !Mobile.isFullSizeMode();
  });
  Comagic.on("ui:actionend", function () {
    placeLabel();
    showAgain();
  });
  placeLabel();
};
