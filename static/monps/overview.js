/* The first page: its two charts with the theme's Chart.js, and a word when refreshing fails. */
"use strict";

(() => {
  const root = document.documentElement;
  // British dates where the page is in English: 24 hours, as everywhere on the page.
  const language = root.lang === "en" ? "en-GB" : root.lang || "fr";
  const css = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const number = (value, places) => value.toLocaleString(language, { minimumFractionDigits: places, maximumFractionDigits: places });
  const percent = (value) => language.startsWith("fr") ? `${number(value, 1)}\u00a0%` : `${number(value, 1)}%`;
  const colon = language.startsWith("fr") ? "\u00a0:" : ":";
  const day = (epoch, format) => new Intl.DateTimeFormat(language, { timeZone: "UTC", ...format }).format(new Date(epoch));

  const axis = (more) => ({
    border: { display: false }, grid: { color: css("--mp-line") },
    ...more, ticks: { color: css("--mp-muted"), maxRotation: 0, ...more.ticks },
  });

  /* One canvas, two scales above each other: the money, and below it how far it has fallen. */
  function bankroll(figure) {
    const words = figure.dataset;
    const points = JSON.parse(document.getElementById(words.source).textContent)
      .map((one) => ({ ...one, at: Date.parse(one.date) }));
    const money = (value) => `${number(value, 2)}\u00a0${words.currency}`;
    const hasFalls = points.some((one) => one.fall !== null);
    const span = points[points.length - 1].at - points[0].at;
    const format = span > 300 * 864e5 ? { month: "short", year: "numeric" } : { day: "numeric", month: "short" };
    const lines = [{
      label: words.bankroll, yAxisID: "y", data: points.map((one) => ({ x: one.at, y: one.bankroll })),
      borderColor: css("--mp-chart-best"), backgroundColor: css("--mp-chart-area"), fill: true,
    }];
    const scales = {
      x: axis({
        type: "linear", min: points[0].at, max: points[points.length - 1].at, grid: { display: false },
        ticks: { maxTicksLimit: 6, stepSize: 864e5, callback: (at) => day(at, format) },
      }),
    };
    if (hasFalls) {
      lines.push({
        label: words.fall, yAxisID: "fall", data: points.map((one) => ({ x: one.at, y: one.fall })),
        borderColor: css("--mp-bad"), backgroundColor: css("--mp-chart-fall"), fill: "origin",
      });
      scales.fall = axis({
        stack: "money", stackWeight: 1, reverse: true, min: 0, suggestedMax: 5, offset: true,
        title: { display: true, text: "%", color: css("--mp-muted") },
        ticks: { maxTicksLimit: 3, callback: (value) => value ? `−${value.toLocaleString(language)}` : "0" },
      });
    }
    // After the falls: scales of one stack are placed from the bottom.
    scales.y = axis({
      stack: "money", stackWeight: 3, grace: "6%", title: { display: true, text: words.currency, color: css("--mp-muted") },
      ticks: { maxTicksLimit: 6, callback: (value) => value.toLocaleString(language) },
    });
    return {
      type: "line",
      data: { datasets: lines.map((one) => ({ borderWidth: 2, pointRadius: 0, pointHoverRadius: 4, tension: 0, ...one })) },
      options: {
        animation: false, responsive: true, maintainAspectRatio: false,
        interaction: { mode: "index", intersect: false }, scales,
        plugins: {
          legend: { display: false },
          tooltip: {
            displayColors: false,
            callbacks: {
              title: ([item]) => day(item.parsed.x, { day: "numeric", month: "long", year: "numeric" }),
              label: (item) => item.datasetIndex
                ? `${item.dataset.label}${colon} ${percent(item.parsed.y)}`
                : `${item.dataset.label}${colon} ${money(item.parsed.y)}`,
              afterBody: ([item]) => {
                const one = points[item.dataIndex];
                return one.bets ? [`${words.bets}${colon} ${one.bets}`, `${words.profit}${colon} ${one.profit > 0 ? "+" : ""}${money(one.profit)}`] : [];
              },
            },
          },
        },
      },
    };
  }

  function endings(figure) {
    const entries = [...figure.querySelectorAll("li")];
    const all = entries.reduce((sum, one) => sum + Number(one.dataset.number), 0);
    return {
      type: "doughnut",
      data: {
        labels: entries.map((one) => one.dataset.label),
        datasets: [{
          data: entries.map((one) => Number(one.dataset.number)),
          backgroundColor: entries.map((one) => getComputedStyle(one).getPropertyValue("--key").trim()),
          borderColor: css("--mp-card"), borderWidth: 2,
        }],
      },
      options: {
        animation: false, responsive: true, maintainAspectRatio: false, cutout: "68%",
        plugins: {
          legend: { display: false },
          tooltip: { callbacks: { label: (item) => ` ${item.label} ${item.parsed.toLocaleString(language)} (${percent(100 * item.parsed / all)})` } },
        },
      },
    };
  }

  const KINDS = { bankroll, endings };
  const drawn = new WeakMap();

  /* A canvas outlives a refresh; it is drawn again only where its numbers or the theme changed. */
  function draw() {
    for (const figure of document.querySelectorAll("[data-overview-chart]")) {
      const canvas = figure.querySelector("canvas");
      const source = document.getElementById(figure.dataset.source);
      const told = `${root.className} ${source ? source.textContent : figure.querySelector("figcaption").textContent}`;
      if (drawn.get(canvas) === told) continue;
      drawn.set(canvas, told);
      Chart.getChart(canvas)?.destroy();
      new Chart(canvas, KINDS[figure.dataset.overviewChart](figure));
    }
  }

  function watchRefreshing() {
    const note = document.getElementById("overview-stale");
    const isOurs = (event) => event.detail.elt?.id === "overview";
    const tell = (event) => {
      if (!isOurs(event)) return;
      note.textContent = note.dataset.stale.replace("{time}", document.getElementById("overview").dataset.readAt);
      note.hidden = false;
    };
    for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.body.addEventListener(name, tell);
    document.body.addEventListener("htmx:beforeSwap", (event) => {
      if (!isOurs(event) || !event.detail.shouldSwap) return;
      // Signed out meanwhile: the answer is the sign-in page, which has nothing to put here.
      if (!event.detail.xhr.responseText.includes('id="overview"')) {
        event.detail.shouldSwap = false;
        window.location.reload();
      }
      note.hidden = true;
    });
    // What was unfolded stays so.
    let isOpen = false;
    document.body.addEventListener("htmx:beforeSwap", () => { isOpen = Boolean(document.getElementById("verdict-numbers")?.open); });
    document.body.addEventListener("htmx:afterSwap", () => {
      const numbers = document.getElementById("verdict-numbers");
      if (numbers && isOpen) numbers.open = true;
    });
    document.body.addEventListener("htmx:afterSettle", draw);
  }

  window.addEventListener("load", () => {
    Chart.defaults.font.family = "Inter";
    draw();
    watchRefreshing();
    new MutationObserver(draw).observe(root, { attributes: true, attributeFilter: ["class"] });
  });
})();
