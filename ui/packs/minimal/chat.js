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

  const entry = document.createElement("main");
  entry.className = "entry";
  entry.innerHTML = `<h1>${CallGear.UI.C.WELCOME_CHAT_TEXT}</h1> <button class="door">${settings.words.open}</button>`;
  const [words, door] = entry.children;
  door.addEventListener("click", () => chat.show());
  chat.on("invite", function (message) {
    add(message);
    words.textContent = message.invite_message;
  });
  close.addEventListener("click", () => chat.hide());
  document.body.append(entry);
  if (chat.getState() === "chat") chat.show();
});
