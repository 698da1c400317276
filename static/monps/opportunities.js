/* The list of opportunities keeps what was unfolded while it refreshes; bets open in a dialog. */
"use strict";

(() => {
  const list = () => document.getElementById("opportunities");
  const sideways = () => list()?.querySelector(".simplebar-content-wrapper");

  function keepWhatWasOpen() {
    const note = document.getElementById("opportunities-stale");
    let open = new Map(), left = 0, focused = "";
    const isOurs = (event) => event.detail.elt?.id === "opportunities" || event.detail.target?.id === "opportunities";

    const tell = (event) => {
      if (!isOurs(event)) return;
      note.textContent = note.dataset.stale.replace("{time}", list().dataset.readAt);
      note.hidden = false;
    };
    for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.body.addEventListener(name, tell);

    document.body.addEventListener("htmx:beforeSwap", (event) => {
      if (!isOurs(event) || !event.detail.shouldSwap) return;
      // Signed out meanwhile: the answer is the sign-in page, which has nothing to put here.
      if (!event.detail.xhr.responseText.includes('id="opportunities"')) {
        event.detail.shouldSwap = false;
        window.location.reload();
        return;
      }
      note.hidden = true;
      open = new Map([...document.querySelectorAll("[data-why]")]
        .filter((one) => Alpine.$data(one.closest("tbody")).rowOpen)
        .map((one) => [one.id, one.innerHTML]));
      left = sideways()?.scrollLeft ?? 0;
      focused = list().contains(document.activeElement) ? document.activeElement.getAttribute("href") ?? "" : "";
    });

    document.body.addEventListener("htmx:afterSettle", (event) => {
      if (event.detail.elt?.id !== "opportunities") return;
      for (const [id, html] of open) {
        const one = document.getElementById(id);
        if (!one) continue;
        if (one.querySelector(".mp-note")) one.innerHTML = html; // until its own answer is here
        Alpine.$data(one.closest("tbody")).rowOpen = true;
      }
      requestAnimationFrame(() => { if (sideways()) sideways().scrollLeft = left; });
      if (focused) list().querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    });
  }

  /* What unfolds a row is a cell of the theme's; its arrow is reached by keyboard too. */
  function makeUnfoldersReachable() {
    for (const cell of document.querySelectorAll("#opportunities .data-row > td:first-child")) {
      const arrow = cell.querySelector(".material-symbols-outlined");
      if (!cell.hasAttribute("x-on:click") || arrow.hasAttribute("tabindex")) continue;
      const row = cell.closest("tbody");
      const tell = () => arrow.setAttribute("aria-expanded", Alpine.$data(row).rowOpen);
      cell.dataset.label = cell.title = list().dataset.whyLabel;
      arrow.tabIndex = 0;
      arrow.setAttribute("role", "button");
      arrow.setAttribute("aria-label", cell.dataset.label);
      tell();
      cell.addEventListener("click", () => requestAnimationFrame(tell));
      arrow.addEventListener("keydown", (event) => {
        if (!["Enter", " "].includes(event.key)) return;
        event.preventDefault();
        cell.click();
      });
    }
  }

  function openBets() {
    const dialog = document.getElementById("bet-dialog");
    if (!dialog) return;
    const body = document.getElementById("bet-dialog-body");
    document.addEventListener("click", async (event) => {
      const link = event.target.closest("[data-bet-dialog]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      body.replaceChildren();
      await htmx.ajax("GET", link.href, { target: body, swap: "innerHTML" });
      if (!body.childElementCount) { window.location = link.href; return; }
      dialog.showModal();
      body.querySelector("[autofocus]")?.focus();
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
    });
    // Signed out meanwhile: the answer is a whole page, which belongs in no dialog.
    body.addEventListener("htmx:beforeSwap", (event) => {
      if (!/^\s*<!doctype/i.test(event.detail.xhr.responseText)) return;
      event.detail.shouldSwap = false;
      window.location.reload();
    });
  }

  window.addEventListener("load", () => {
    if (list()) {
      keepWhatWasOpen();
      makeUnfoldersReachable();
      document.body.addEventListener("htmx:afterSettle", makeUnfoldersReachable);
    }
    openBets();
  });
})();
