/* Times that run: what the server wrote once stays true. Its words come with the page. */
"use strict";

(() => {
  const MINUTE = 60, HOUR = 3600, DAY = 86400;
  let words = null;

  const put = (text, values) => text.replace(/%\((\w+)\)[ds]/g, (_all, name) => values[name]);

  function length(seconds) {
    const minutes = Math.floor(seconds / MINUTE);
    if (minutes < 1) return words.moment;
    if (minutes < 60) return put(words.minutes, { number: minutes });
    if (minutes < 48 * 60) return put(words.hours, { number: Math.floor(minutes / 60) });
    return put(words.days, { number: Math.floor(seconds / DAY) });
  }

  function untilKickOff(seconds) {
    if (seconds <= 0) return words.begun;
    if (seconds < HOUR || seconds >= 2 * DAY) return put(words.in, { time: length(seconds) });
    const minutes = Math.floor(seconds / MINUTE);
    const time = put(words.hoursAndMinutes, { hours: Math.floor(minutes / 60), minutes: String(minutes % 60).padStart(2, "0") });
    return put(words.in, { time });
  }

  const write = (node, text) => { if (node.textContent !== text) node.textContent = text; };

  function tick() {
    const now = Date.now();
    for (const node of document.querySelectorAll("time[data-countdown]")) {
      const left = (Date.parse(node.dateTime) - now) / 1000;
      write(node, untilKickOff(left));
      node.classList.toggle("is-soon", left < HOUR);
    }
    for (const node of document.querySelectorAll("time[data-age]")) {
      const age = Math.max((now - Date.parse(node.dateTime)) / 1000, 0);
      write(node, put(words.ago, { time: length(age) }));
      node.classList.toggle("is-old", age > Number(node.dataset.oldAfter));
    }
  }

  window.addEventListener("load", () => {
    words = JSON.parse(document.getElementById("clock-words").textContent);
    tick();
    setInterval(() => { if (!document.hidden) tick(); }, 10_000);
    document.addEventListener("visibilitychange", tick);
    document.body.addEventListener("htmx:afterSettle", tick);
  });
})();
