// What the rows of the conformance suite need in the visitor's page, beside the company's own form:
//
// - `chat`: a `consultant_chat` of the test's own; a method that is switched off does nothing on it,
// - `hand`: the same methods of the same widget, never switched off, for what a row needs before it begins,
// - `arrived`: how many messages of operators have come, whatever is switched off and whoever has read them,
// - `told`: the events that `chat` heard, oldest first; those of an event that is switched off are missing,
// - `overheard`: all events, as another widget heard them: for what a row needs beside its own.
//
// Run again, it makes another `chat`, to which nothing was handed out yet. The test puts the name that is switched off
// in the place of OFF.
const off = OFF;
const widget = (window.chat = CallGear.UI.createWidget("consultant_chat", { template: "<div></div>" }));
window.told = [];
if (!window.hand) {
  window.hand = {};
  const prototype = Object.getPrototypeOf(widget);
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const method = prototype[name];
    if (name !== "constructor") window.hand[name] = (...words) => method.apply(window.chat, words);
  }
  window.arrived = 0;
  const ear = CallGear.UI.createWidget("consultant_chat", { template: "<div></div>" });
  const count = ({ sender }) => (window.arrived += Number(sender === "operator"));
  ear.on("sendmessage", count);
  ear.on("showhistory", (messages) => messages.forEach(count));
  window.overheard = [];
  for (const event of EVENTS) ear.on(event, (payload = null) => window.overheard.push({ event, payload }));
  if (off.kind === "method" && off.name in prototype) prototype[off.name] = () => undefined;
  const { on } = CallGearWidget.prototype;
  CallGearWidget.prototype.on = function (event, handler) {
    return off.kind === "event" && off.name === event ? this : on.call(this, event, handler);
  };
  // The form marks as read what a person sees. Here nobody looks.
  document.hasFocus = () => false;
}
for (const event of EVENTS) {
  widget.on(event, (payload) => {
    const now = { state: hand.getState(), unread: hand.getUnreadCounter(), available: hand.isChatAvailable() };
    window.told.push({ event, payload: payload === undefined ? null : payload, now });
  });
}
