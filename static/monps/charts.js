/* Charts over time with the theme's Chart.js: staircases, because odds hold until they change. */
"use strict";

(() => {
  const MINUTE = 60, HOUR = 3600, DAY = 86400;
  const STEPS = [5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY];
  // British dates where the page is in English: 24 hours, as everywhere on the page.
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang || "fr";
  const HUES = [15, 45, 75, 105, 165, 195, 225, 255, 330];

  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const seriesColour = (index) => `hsl(${HUES[index % HUES.length]} 65% ${48 + 8 * (Math.floor(index / HUES.length) % 3)}%)`;
  /* As offered with up to three places; computed ones (median, fair) with two. */
  const odds = (value, isComputed) => value === null || value === undefined ? "–"
    : value.toLocaleString(language, { minimumFractionDigits: 2, maximumFractionDigits: isComputed ? 2 : 3 });

  /* Seconds east of Greenwich in the user's zone, so that ticks fall on its hours and midnights. */
  function zoneOffset(zone, epoch) {
    const parts = Object.fromEntries(new Intl.DateTimeFormat("en-US", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
      hour: "numeric", minute: "numeric", second: "numeric",
    }).formatToParts(new Date(epoch * 1000)).map((part) => [part.type, Number(part.value)]));
    return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second) / 1000 - epoch;
  }

  function timeAxis(data, options) {
    const offset = zoneOffset(data.zone, data.start);
    const write = (format) => {
      const formatter = new Intl.DateTimeFormat(language, { timeZone: data.zone, ...format });
      return (seconds) => formatter.format(new Date((data.start + seconds) * 1000));
    };
    const hour = write({ hour: "2-digit", minute: "2-digit" });
    const day = write({ day: "numeric", month: "short" });
    return {
      moment: write({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }),
      scale: {
        type: "linear",
        ...options,
        grid: { color: css("--mp-line") },
        border: { display: false },
        afterBuildTicks: (axis) => {
          const room = Math.max(3, Math.floor(axis.width / 90));
          const step = STEPS.find((one) => (axis.max - axis.min) / one <= room) || 14 * DAY;
          const shift = (data.start + offset) % step;
          axis.ticks = [];
          for (let at = Math.ceil((axis.min + shift) / step) * step - shift; at <= axis.max; at += step) {
            axis.ticks.push({ value: at });
          }
        },
        ticks: {
          autoSkip: false, maxRotation: 0, color: css("--mp-muted"),
          callback: (seconds) => (data.start + offset + seconds) % DAY === 0 ? day(seconds) : hour(seconds),
        },
      },
    };
  }

  const line = (label, points, colour, more) => ({
    label, data: points.map(([x, y]) => ({ x, y })), stepped: true, borderColor: colour,
    backgroundColor: colour, borderWidth: 2, pointHoverRadius: 0,
    // A dot at the end: the last change may have come with the last collection.
    pointRadius: ({ dataIndex, dataset }) => dataIndex === dataset.data.length - 1 ? 3 : 0,
    ...more,
  });

  const valueAt = (points, seconds) => {
    let value = null;
    for (const [at, odds] of points) {
      if (at > seconds) break;
      value = odds;
    }
    return value;
  };

  /* A vertical line under the pointer, and one where the match kicks off. */
  const marks = (kickoff) => ({
    id: "marks",
    afterDatasetsDraw(chart) {
      const { ctx, chartArea: area, scales: { x } } = chart;
      const draw = (seconds, colour, dash) => {
        if (seconds === null || seconds < x.min || seconds > x.max) return;
        ctx.save();
        ctx.strokeStyle = colour;
        ctx.setLineDash(dash);
        ctx.beginPath();
        ctx.moveTo(x.getPixelForValue(seconds), area.top);
        ctx.lineTo(x.getPixelForValue(seconds), area.bottom);
        ctx.stroke();
        ctx.restore();
      };
      draw(kickoff, css("--mp-warn"), [4, 4]);
      draw(chart.pointed ?? null, css("--mp-muted"), []);
    },
  });

  function onPointer(canvas, current, tell) {
    const point = (event) => {
      const chart = current();
      const box = canvas.getBoundingClientRect();
      const { x } = chart.scales;
      const seconds = x.getValueForPixel(event.clientX - box.left);
      chart.pointed = Math.min(Math.max(seconds, x.min), x.max);
      chart.draw();
      tell(chart.pointed);
    };
    canvas.addEventListener("pointermove", point);
    canvas.addEventListener("pointerdown", point);
    canvas.addEventListener("pointerleave", () => {
      const chart = current();
      chart.pointed = null;
      chart.draw();
      tell(null);
    });
  }

  const axisOfValues = (write) => ({
    grid: { color: css("--mp-line") }, border: { display: false },
    ticks: { color: css("--mp-muted"), callback: write, maxTicksLimit: 7 }, grace: "8%",
  });

  const options = (x, y) => ({
    animation: false, responsive: true, maintainAspectRatio: false, events: [],
    plugins: { legend: { display: false }, tooltip: { enabled: false } }, scales: { x, y },
  });

  function drawHistory(figure, data) {
    const words = figure.dataset;
    const canvas = figure.querySelector("canvas");
    const shown = new Set(["best", "median", "fair"]);
    let side = 0, chart = null, series = [];

    const allSeries = () => {
      const of = data.sides[side];
      return [
        { key: "best", label: words.best, points: of.best, colour: css("--mp-chart-best"), more: { borderWidth: 2.5 } },
        { key: "median", label: words.median, points: of.median, isComputed: true, colour: css("--mp-chart-median"), more: { borderDash: [5, 4] } },
        ...(of.fair.length ? [{ key: "fair", label: words.fair, points: of.fair, isComputed: true, colour: css("--mp-chart-fair") }] : []),
        ...of.bookmakers.map((one, index) => ({
          key: `of ${one.name}`, label: one.name, points: one.points, colour: seriesColour(index), more: { borderWidth: 1.25 },
        })),
      ];
    };

    const end = Math.max(...data.sides[0].best.map(([at]) => at), 1);
    const tell = (seconds) => {
      const at = seconds ?? end;
      figure.querySelector(".mp-when").textContent = timeAxis(data).moment(at);
      for (const one of series) one.chip.querySelector("b").textContent = odds(valueAt(one.points, at), one.isComputed);
    };

    function draw() {
      series = allSeries();
      const legend = figure.querySelector(".mp-legend.is-main");
      const more = figure.querySelector(".mp-legend.is-bookmakers");
      legend.replaceChildren();
      more.replaceChildren();
      for (const one of series) {
        one.chip = document.createElement("button");
        one.chip.type = "button";
        one.chip.className = "mp-chip";
        one.chip.style.setProperty("--chip", one.colour);
        one.chip.setAttribute("aria-pressed", shown.has(one.key));
        one.chip.append(one.label, document.createElement("b"));
        one.chip.addEventListener("click", () => {
          shown.has(one.key) ? shown.delete(one.key) : shown.add(one.key);
          draw();
        });
        (one.key.startsWith("of ") ? more : legend).append(one.chip);
      }
      const visible = series.filter((one) => shown.has(one.key));
      chart?.destroy();
      chart = new Chart(canvas, {
        type: "line",
        data: { datasets: visible.map((one) => line(one.label, one.points, one.colour, one.more)) },
        options: options(timeAxis(data, { min: 0, max: end * 1.01 }).scale, axisOfValues((value) => odds(value))),
        plugins: [marks(data.kickoff)],
      });
      tell(null);
    }

    figure.querySelectorAll("[data-side]").forEach((button) => button.addEventListener("click", () => {
      side = Number(button.dataset.side);
      figure.querySelectorAll("[data-side]").forEach((one) => one.setAttribute("aria-pressed", one === button));
      draw();
    }));
    draw();
    onPointer(canvas, () => chart, tell);
    return draw;
  }

  function drawCredits(figure, data) {
    let chart = null;
    const whole = (value) => value.toLocaleString(language);
    const readout = figure.querySelector(".mp-when");
    const last = data.left[data.left.length - 1];
    const axis = timeAxis(data, { min: 0, max: data.end });
    const tell = (seconds) => {
      const [at, left] = seconds === null ? last : [seconds, valueAt(data.left, seconds)];
      readout.textContent = left === null ? "" : `${axis.moment(Math.min(at, last[0]))} · ${whole(left)}`;
    };
    function draw() {
      chart?.destroy();
      chart = new Chart(figure.querySelector("canvas"), {
        type: "line",
        data: {
          datasets: [
            line(figure.dataset.left, data.left, css("--mp-chart-best")),
            line(figure.dataset.reserve, [[0, data.reserve], [data.end, data.reserve]], css("--mp-warn"), { borderDash: [5, 4], borderWidth: 1.5, pointRadius: 0 }),
          ],
        },
        options: options(timeAxis(data, { min: 0, max: data.end }).scale, { ...axisOfValues(whole), min: 0, max: data.limit, grace: 0, ticks: { color: css("--mp-muted"), callback: whole, stepSize: data.limit / 5 } }),
        plugins: [marks(null)],
      });
      tell(null);
    }
    draw();
    onPointer(figure.querySelector("canvas"), () => chart, tell);
    return draw;
  }

  function drawBankroll(figure, data) {
    let chart = null;
    const words = figure.dataset;
    const money = (value) => `${value.toLocaleString(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}\u00a0${words.currency}`;
    const axis = timeAxis(data, { min: 0, max: data.end });
    const tell = (seconds) => {
      const at = seconds ?? data.end;
      const parts = [[words.bankroll, data.bankroll], [words.putIn, data.put_in]];
      figure.querySelector(".mp-when").textContent = [axis.moment(at),
        ...parts.map(([name, points]) => `${name} ${money(valueAt(points, at) ?? 0)}`)].join(" · ");
    };
    function draw() {
      chart?.destroy();
      chart = new Chart(figure.querySelector("canvas"), {
        type: "line",
        data: {
          datasets: [
            line(words.bankroll, data.bankroll, css("--mp-chart-best")),
            line(words.putIn, data.put_in, css("--mp-chart-median"), { borderDash: [5, 4], borderWidth: 1.5, pointRadius: 0 }),
          ],
        },
        options: options(timeAxis(data, { min: 0, max: data.end }).scale, axisOfValues((value) => value.toLocaleString(language))),
        plugins: [marks(null)],
      });
      tell(null);
    }
    draw();
    onPointer(figure.querySelector("canvas"), () => chart, tell);
    return draw;
  }

  const KINDS = { bankroll: drawBankroll, credits: drawCredits, history: drawHistory };

  window.addEventListener("load", () => {
    Chart.defaults.font.family = "Inter";
    const redraw = [...document.querySelectorAll(".mp-chart")].map((figure) => {
      const data = JSON.parse(document.getElementById(figure.dataset.source).textContent);
      return KINDS[figure.dataset.kind](figure, data);
    });
    new MutationObserver(() => redraw.forEach((draw) => draw()))
      .observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
  });
})();
