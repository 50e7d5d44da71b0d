// Shall we call you? Everything that the form does is an override of its widget's own methods.
Comagic.UI.registerViewController("call_generator", function (settings, tpls) {
  var form = Comagic.UI.createWidget("call_generator", {
    settings: settings,
    template: tpls.call_generator,

    render: function () {
      var me = this;
      this.constructor.prototype.render.apply(this, arguments);
      this.refs.closeBtn.addEventListener("click", function () {
        me.close();
      });
      this.refs.submitBtn.addEventListener("click", function () {
        if (!me.getErrors()) {
          me.submit(me.getValues());
        }
      });
    },

    close: function () {
      if (!this.isSubmitted()) {
        this.cancel();
      }
      this.destroy();
    },

    thank: function (info) {
      this.refs.title.innerHTML = info.title;
      this.refs.message.innerHTML = info.message;
      this.refs.ask.classList.add("cg-hidden");
      this.refs.done.classList.remove("cg-hidden");
    },
  });

  form.render();
  form.show();
  form.refs.phone.focus();
  form.on("leadhide", function () {
    form.destroy();
  });
  form.on("leadsubmit", function (answer) {
    if (answer.success && form.getEl()) {
      form.thank(answer.info);
    }
  });
});
