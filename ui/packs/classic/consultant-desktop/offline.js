// The form for when nobody is here: what was filled in stays until it has arrived.
var Harbour = window.Harbour || {};

Harbour.createOffline = function (offline, leave) {
  var FEEDBACK_MS = 3000,
    refs = offline.refs;

  refs.closeBtn.addEventListener("click", leave);
  refs.submitBtn.addEventListener("click", function () {
    if (!offline.getErrors()) {
      offline.sendRequest(offline.getValues());
    }
  });
  offline.on("sendofflinerequest", function (answer) {
    var cls = "hb-js-show-feedback--" + (answer.success ? "success" : "failure");
    if (answer.info) {
      refs.feedbackTitle.innerHTML = answer.info.title;
      refs.feedbackMessage.innerHTML = answer.info.message;
    }
    refs.content.classList.add(cls);
    setTimeout(function () {
      refs.content.classList.remove(cls);
      if (answer.success && offline.isVisible()) {
        leave();
      }
    }, FEEDBACK_MS);
  });
};
