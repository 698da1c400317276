/* What the theme, Django and Select2 leave to the mouse or to the eyes alone. */
"use strict";

(() => {
  const MOUSE_ONLY = ":is(a:not([href]), div, span)[x-on\\:click]:not([tabindex], :has(a, button, input, select))";

  /* Whatever is pressed can be reached by Tab, and pressed by Enter or Space. */
  function makeReachable() {
    for (const one of document.querySelectorAll(MOUSE_ONLY)) {
      one.tabIndex = 0;
      one.dataset.pressable = "";
      one.setAttribute("role", "button");
    }
  }

  /* A table wider than its card is scrolled by keyboard too. */
  function makeScrollable() {
    for (const one of document.querySelectorAll(".mp-scroll:not([tabindex])")) {
      if (one.scrollWidth <= one.clientWidth) continue;
      one.tabIndex = 0;
      one.setAttribute("role", "region");
      one.setAttribute("aria-label", one.closest("section")?.querySelector("h2, h3")?.textContent.trim() || document.title);
    }
  }

  /* A field that Select2 draws has the label of the one it hides. */
  function nameSelects() {
    for (const hidden of document.querySelectorAll("select.select2-hidden-accessible")) {
      const [label] = hidden.labels;
      const drawn = hidden.nextElementSibling?.querySelectorAll("[role=combobox], [role=textbox]") ?? [];
      if (!label) continue;
      label.id ||= `${hidden.id}-label`;
      for (const one of drawn) one.setAttribute("aria-labelledby", `${label.id} ${one.querySelector("[id]")?.id ?? one.id}`);
    }
  }

  /* The magnifying glass of Django's lists to choose from has a name, which only a picture may have. */
  function makePictures() {
    for (const one of document.querySelectorAll("span.help-tooltip[aria-label]")) one.setAttribute("role", "img");
  }

  document.addEventListener("keydown", (event) => {
    if (!["Enter", " "].includes(event.key) || event.target.dataset?.pressable === undefined) return;
    event.preventDefault();
    event.target.click();
  });
  for (const name of ["DOMContentLoaded", "htmx:afterSettle"]) document.addEventListener(name, makeReachable);
  document.addEventListener("htmx:afterSettle", makeScrollable);
  for (const name of ["load", "resize"]) window.addEventListener(name, makeScrollable);
  // After everything else that waits for the page to be loaded: what is drawn by then is named.
  window.addEventListener("load", () => setTimeout(() => { nameSelects(); makePictures(); }));
})();
