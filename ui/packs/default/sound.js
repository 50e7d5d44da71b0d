// A short bell when an operator writes and nobody looks, or the form is folded. It can be switched off, and stays so.
(function (form) {
  "use strict";

  const KEY = "sound";
  // The pack's files lie beside its scripts.
  const folder = (document.currentScript && document.currentScript.src) || location.href;

  form.createSound = function ({ chat, settings }) {
    const file = settings.chat.message_audio_file;
    let audio = null;
    const isOn = () => CallGear.storage.getItem(KEY) !== false;
    const play = () => {
      audio = audio || new Audio(new URL(file, folder).href);
      audio.currentTime = 0;
      const started = audio.play();
      // A computer without loudspeakers is no trouble of the visitor's.
      if (started) started.catch(() => undefined);
    };
    return {
      exists: Boolean(file),
      isOn,
      ring() {
        if (file && isOn() && !(form.isWatched() && chat.isVisible())) play();
      },
      turn() {
        const now = !isOn();
        CallGear.storage.setItem(KEY, now);
        if (now) play();
      },
    };
  };
})((window.ChatForm = window.ChatForm || {}));
