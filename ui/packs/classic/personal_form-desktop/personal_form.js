// News from the shop: name, address, and a box that must be ticked.
Comagic.UI.registerViewController("personal_form", function (settings, tpls) {
  var form = Comagic.UI.createWidget("personal_form", { settings: settings, tpl: tpls.personal_form });

  function leave() {
    if (!form.isSubmitted()) {
      form.cancel();
    }
    form.destroy();
  }

  function send() {
    if (!form.getErrors()) {
      form.submit(form.getValues());
    }
  }

  form.on("leadhide", function () {
    form.destroy();
  });
  form.on("leadsubmit", function (answer) {
    if (answer.success && form.getEl()) {
      form.refs.title.innerHTML = answer.info.title;
      form.refs.message.innerHTML = answer.info.message;
      form.refs.ask.classList.add("pf-hidden");
      form.refs.done.classList.remove("pf-hidden");
    }
  });
  form.on("render", function () {
    form.refs.closeBtn.addEventListener("click", leave);
    form.refs.submitBtn.addEventListener("click", send);
  });
  form.render();
  form.show();
});
