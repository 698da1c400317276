/* What the theme made for the mouse alone is reached and pressed by keyboard too. */
"use strict";

(() => {
  const MOUSE_ONLY = ":is(a:not([href]), div, span)[x-on\\:click]:not([tabindex], :has(a, button, input, select))";

  function makeReachable() {
    for (const one of document.querySelectorAll(MOUSE_ONLY)) {
      one.tabIndex = 0;
      one.dataset.pressable = "";
      one.setAttribute("role", "button");
    }
  }

  document.addEventListener("keydown", (event) => {
    if (!["Enter", " "].includes(event.key) || event.target.dataset?.pressable === undefined) return;
    event.preventDefault();
    event.target.click();
  });
  document.addEventListener("DOMContentLoaded", makeReachable);
  document.addEventListener("htmx:afterSettle", makeReachable);
})();
