// A question by the way: a sheet at the lower edge that keeps out of the way of what is above it.
Comagic.UI.registerViewController("offline_message_generator", function (settings, tpls) {
  var form = Comagic.UI.createWidget("offline_message_generator", {
    settings: settings,
    tpl: tpls.offline_message_generator,
  });

  form.render();
  form.refs.closeBtn.addEventListener("click", function () {
    if (!form.isSubmitted()) {
      form.cancel();
    }
    form.destroy();
  });
  form.refs.submitBtn.addEventListener("click", function () {
    if (!form.getErrors()) {
      form.submit(form.getValues());
    }
  });
  form.on("leadsubmit", function (answer) {
    if (answer.success && form.getEl()) {
      form.refs.title.innerHTML = answer.info.title;
      form.refs.message.innerHTML = answer.info.message;
      form.getEl().classList.add("og-js-done");
    }
  });
  form.on("leadhide", function () {
    form.destroy();
  });
  form.show();
});
