/* What a bet would pay, while it is typed. The server computes what counts. */
"use strict";

(() => {
  // British numbers where the page is in English, as everywhere on the page.
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang || "fr";

  /* One form, on a page or in the dialog; the dialog's has no field for what is settled already. */
  function follow(form) {
    const sums = JSON.parse(document.getElementById("bet-sums").textContent);
    const field = (name) => form.elements.namedItem(name);
    const number = (name) => Number.parseFloat(String(field(name).value).replace(",", "."));
    const cents = (amount) => Math.round((amount + Number.EPSILON) * 100) / 100;
    const write = (value, places) => value.toLocaleString(language, { minimumFractionDigits: places, maximumFractionDigits: places });
    const money = (amount) => `${write(amount, 2)}\u00a0${form.dataset.currency}`;
    const signed = (value, text) => `${value > 0 ? "+" : value < 0 ? "−" : ""}${text}`;

    function tell(name, text, css) {
      const place = document.querySelector(`[data-sum="${name}"]`);
      if (!place) return;
      place.textContent = text;
      if (css !== undefined) place.className = css;
    }

    function compute() {
      const odds = number("odds"), stake = number("stake");
      const commission = sums.commissions[field("bookmaker").value] || 0;
      const isLay = field("side").value === "lay";
      if (odds > 1 && stake > 0) {
        const risk = isLay ? cents(stake * (odds - 1)) : stake;
        const gain = isLay ? stake : cents(stake * odds) - stake;
        const profit = gain - cents(gain * commission);
        tell("payout", money(risk + profit));
        tell("profit", signed(profit, money(profit)));
        tell("risk", `−${money(risk)}`);
      } else {
        for (const name of ["payout", "profit", "risk"]) tell(name, "–");
      }
      const isSameBet = !isLay && field("wager").value === sums.bet;
      if (odds > 1 && sums.fair !== null && isSameBet) {
        const edge = 100 * (sums.fair * (1 + (1 - commission) * (odds - 1)) - 1);
        tell("edge", signed(edge, `${write(Math.abs(edge), 1)}${language.startsWith("fr") ? "\u00a0" : ""}%`), edge > 0 ? "mp-good" : "mp-bad");
      } else {
        tell("edge", "–", "");
      }
    }

    /* A line only where the market has one, words only where no market fits. */
    function showWanted() {
      const market = field("wager").value.split(":")[0];
      const wanted = { line: ["totals", "spreads"].includes(market), selection: market === "other" };
      for (const [name, isWanted] of Object.entries(wanted)) {
        if (!field(name).closest(".mp-field")) continue; // hidden on the dialog's form
        field(name).closest(".mp-field").hidden = !isWanted;
        if (!isWanted) field(name).value = "";
      }
    }

    form.addEventListener("input", () => { showWanted(); compute(); });
    form.addEventListener("change", () => { showWanted(); compute(); });
    document.querySelector("[data-stake]")?.addEventListener("click", (event) => {
      field("stake").value = event.currentTarget.dataset.stake;
      compute();
    });
    showWanted();
    compute();
  }

  function followNew() {
    const form = document.getElementById("bet-form");
    if (!form || form.dataset.followed) return;
    form.dataset.followed = "yes";
    follow(form);
  }
  followNew();
  document.addEventListener("htmx:afterSettle", followNew);
})();
