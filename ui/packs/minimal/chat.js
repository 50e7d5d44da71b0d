// The smallest form: a door, and a chat behind it.
CallGear.UI.registerViewController("consultant", function (settings, tpls) {
  settings.words = settings.words[document.documentElement.lang] || settings.words.en;

  const chat = CallGear.UI.createWidget("consultant_chat", {
    settings: settings,
    template: tpls["chat"],
  });
  chat.render();

  chat.on("show", function () {
    chat.startChat();
  });
  chat.on("beforehide", function () {
    chat.closeChat();
  });

  const { log, form, field, close } = chat.refs;
  function add(message) {
    const row = document.createElement("li");
    row.className = message.sender;
    row.textContent = message.text;
    if (message.fx_link) {
      const link = document.createElement("a");
      link.href = message.fx_link;
      link.target = "_blank";
      link.textContent = `${message.fx_name} (${message.fx_size_info})`;
      row.append(link);
    }
    log.append(row);
    log.scrollTop = log.scrollHeight;
  }
  chat.on("sendmessage", add);
  chat.on("showhistory", (messages) => messages.forEach(add));
  form.addEventListener("submit", function () {
    if (field.value.trim()) add(chat.sendChatMessage(field.value));
    field.value = "";
  });

  const door = document.createElement("button");
  door.className = "door";
  door.innerHTML = `<b>${CallGear.UI.C.WELCOME_CHAT_TEXT}</b> <span>${settings.words.open}</span>`;
  door.addEventListener("click", () => chat.show());
  chat.on("invite", function (message) {
    add(message);
    door.firstChild.textContent = message.invite_message;
  });
  close.addEventListener("click", () => chat.hide());
  document.body.append(door);
  if (chat.getState() === "chat") chat.show();
});
