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
    const closing = data.closing;
    const shown = new Set(["best", "median", "fair", "closing"]);
    let side = 0, chart = null, series = [];

    const allSeries = () => {
      const of = data.sides[side];
      return [
        { key: "best", label: words.best, points: of.best, colour: css("--mp-chart-best"), more: { borderWidth: 2.5 } },
        { key: "median", label: words.median, points: of.median, isComputed: true, colour: css("--mp-chart-median"), more: { borderDash: [5, 4] } },
        ...(of.fair.length ? [{ key: "fair", label: words.fair, points: of.fair, isComputed: true, colour: css("--mp-chart-fair") }] : []),
        ...(of.reference.length ? [{ key: "reference", label: words.reference, points: of.reference, colour: css("--mp-chart-reference"), more: { borderWidth: 1.5 } }] : []),
        ...(closing && closing.odds[side] ? [{
          key: "closing", label: words.closing.replace("{reference}", closing.title), points: [[closing.at, closing.odds[side]], [data.kickoff, closing.odds[side]]],
          colour: css("--mp-warn"), more: { borderWidth: 4, pointRadius: 4 },
        }] : []),
        ...of.bookmakers.map((one, index) => ({
          key: `of ${one.name}`, label: one.name, points: one.points, colour: seriesColour(index), more: { borderWidth: 1.25 },
        })),
      ];
    };

    const end = Math.max(...data.sides[0].best.map(([at]) => at), closing ? data.kickoff : 1, 1);
    /* A price far off all others is an error; it must not flatten the lines that count. */
    const ceiling = () => {
      const highest = (points) => Math.max(...points.map(([, value]) => value ?? 0));
      const usual = highest(data.sides[side].median);
      return usual && highest(data.sides[side].best) > 3 * usual ? 2 * usual : undefined;
    };
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
        options: options(timeAxis(data, { min: 0, max: end * 1.01 }).scale, { ...axisOfValues((value) => odds(value)), max: ceiling() }),
        plugins: [marks(data.kickoff)],
      });
      const cut = figure.querySelector("[data-cut]");
      cut.hidden = !ceiling();
      if (ceiling()) cut.textContent = cut.dataset.cut.replace("{odds}", odds(ceiling()));
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
    // Where calls are planned, what is expected to be left takes over from the present on.
    const planned = data.planned ?? [];
    const known = [...data.left, ...planned];
    const last = data.left[data.left.length - 1] ?? planned[0];
    const end = known[known.length - 1][0];
    const axis = timeAxis(data, { min: 0, max: data.end });
    const tell = (seconds) => {
      const [at, left] = seconds === null ? last : [seconds, valueAt(known, seconds)];
      readout.textContent = left === null ? "" : `${axis.moment(Math.min(at, end))} · ${whole(Math.round(left))}`;
    };
    function draw() {
      chart?.destroy();
      chart = new Chart(figure.querySelector("canvas"), {
        type: "line",
        data: {
          datasets: [
            line(figure.dataset.left, data.left, css("--mp-chart-best")),
            ...(planned.length ? [line(figure.dataset.planned, planned, css("--mp-chart-best"), { borderDash: [3, 3], borderWidth: 1.5 })] : []),
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

  const DAY_MS = 864e5;
  const ofDay = (epoch, format) => new Intl.DateTimeFormat(language, { timeZone: "UTC", ...format }).format(new Date(epoch));
  const fixed = (value, places) => value.toLocaleString(language, { minimumFractionDigits: places, maximumFractionDigits: places });
  const colon = language.startsWith("fr") ? "\u00a0:" : ":";
  const signed = (value, unit, places) => {
    const rounded = Number(value.toFixed(places));
    return `${rounded > 0 ? "+" : rounded < 0 ? "−" : ""}${fixed(Math.abs(rounded), places)}${unit ? (unit === "%" && !language.startsWith("fr") ? "" : "\u00a0") + unit : ""}`;
  };

  /* A dashed line across the chart at a value of one of its axes. */
  const across = (lines) => ({
    id: "across",
    beforeDatasetsDraw(chart) {
      const { ctx, chartArea: area, scales } = chart;
      for (const { axis, value, colour } of lines()) {
        const at = scales[axis].getPixelForValue(value);
        const isX = axis === "x";
        if (isX ? at < area.left - 1 || at > area.right + 1 : at < scales[axis].top - 1 || at > scales[axis].bottom + 1) continue;
        ctx.save();
        ctx.strokeStyle = colour;
        ctx.setLineDash([5, 4]);
        ctx.beginPath();
        ctx.moveTo(isX ? at : area.left, isX ? area.top : at);
        ctx.lineTo(isX ? at : area.right, isX ? area.bottom : at);
        ctx.stroke();
        ctx.restore();
      }
    },
  });

  /* A value as it grew by day or by match, with its interval around it and numbers below it. */
  function drawCourse(figure, data) {
    const words = figure.dataset;
    const isDated = data.points[0]?.date !== undefined;
    const points = data.points.map((one) => ({ ...one, at: isDated ? Date.parse(one.date) : one.at }));
    const first = points[0].at, last = points[points.length - 1].at;
    const hasBand = points.some((one) => one.low !== null && one.low !== undefined);
    const hasNumbers = points.some((one) => one.number !== undefined);
    const places = Number(words.places ?? 1);
    const format = last - first > 300 * DAY_MS ? { month: "short", year: "numeric" } : { day: "numeric", month: "short" };
    const at = (key) => points.map((one) => ({ x: one.at, y: one[key] ?? null }));
    const axis = (more) => ({
      border: { display: false }, grid: { color: css("--mp-line") }, ...more,
      ticks: { color: css("--mp-muted"), maxRotation: 0, ...more.ticks },
    });
    let chart = null;
    function draw() {
      chart?.destroy();
      const own = { borderWidth: 2, pointRadius: points.length > 1 ? 0 : 3, pointHoverRadius: 4, yAxisID: "y" };
      const datasets = [{ ...own, label: words.label, data: at("value"), borderColor: css("--mp-chart-best"), backgroundColor: css("--mp-chart-area"), fill: !hasBand && "origin" }];
      if (hasBand) {
        const edge = { ...own, borderWidth: 0, pointHoverRadius: 0, backgroundColor: css("--mp-chart-area") };
        datasets.push({ ...edge, data: at("high"), fill: "+1" }, { ...edge, data: at("low") });
      }
      const scales = { x: axis({
        type: "linear", offset: false, min: isDated ? first - (first === last ? DAY_MS : 0) : 0, max: data.horizon ? Math.max(data.horizon, last) : last + (first === last ? 1 : 0), grid: { display: false },
        title: { display: Boolean(words.below), text: words.below, color: css("--mp-muted") },
        ticks: isDated ? { maxTicksLimit: 6, stepSize: DAY_MS, callback: (value) => ofDay(value, format) } : { maxTicksLimit: 7, precision: 0, callback: (value) => value.toLocaleString(language) },
      }) };
      if (hasNumbers) {
        datasets.push({ type: "bar", label: words.numbers, data: at("number"), yAxisID: "numbers", backgroundColor: css("--mp-chart-median"), barThickness: Math.max(1, Math.min(8, 500 / points.length)) });
        scales.numbers = axis({ stack: "one", stackWeight: 1, min: 0, offset: true, grid: { display: false }, ticks: { maxTicksLimit: 3, precision: 0 } });
      }
      // After the numbers: scales of one stack are placed from the bottom.
      scales.y = axis({ stack: "one", stackWeight: 4, grace: "6%", suggestedMin: 0, suggestedMax: 0, title: { display: true, text: words.unit, color: css("--mp-muted") }, ticks: { maxTicksLimit: 6, callback: (value) => value.toLocaleString(language) } });
      chart = new Chart(figure.querySelector("canvas"), {
        type: "line",
        data: { datasets },
        options: {
          animation: false, responsive: true, maintainAspectRatio: false,
          interaction: { mode: "index", intersect: false }, scales,
          plugins: {
            legend: { display: false },
            tooltip: {
              displayColors: false, filter: (item) => item.datasetIndex === 0,
              callbacks: {
                title: ([item]) => item ? (isDated ? ofDay(item.parsed.x, { day: "numeric", month: "long", year: "numeric" }) : `${words.count}${colon} ${item.parsed.x.toLocaleString(language)}`) : "",
                label: (item) => `${words.label}${colon} ${signed(item.parsed.y, words.unit, places)}`,
                afterBody: ([item]) => {
                  if (!item) return [];
                  const one = points[item.dataIndex];
                  return [
                    ...(typeof one.low === "number" ? [`${words.interval}${colon} ${signed(one.low, "", places)} … ${signed(one.high, words.unit, places)}`] : []),
                    ...(one.number !== undefined ? [`${words.numbers}${colon} ${one.number.toLocaleString(language)}`] : []),
                    ...(one.count !== undefined ? [`${words.count}${colon} ${one.count.toLocaleString(language)}`] : []),
                  ];
                },
              },
            },
          },
        },
        plugins: [across(() => [
          { axis: "y", value: 0, colour: css("--mp-muted") },
          ...(data.goal ? [{ axis: "y", value: data.goal, colour: css("--mp-good") }] : []),
          ...(data.horizon ? [{ axis: "x", value: data.horizon, colour: css("--mp-warn") }] : []),
        ])],
      });
    }
    draw();
    return draw;
  }

  /* What was said against what came: on the diagonal all is as said. */
  function drawCalibration(figure, bins) {
    const words = figure.dataset;
    const percent = (value) => `${fixed(100 * value, 0)}${language.startsWith("fr") ? "\u00a0" : ""}%`;
    const most = Math.max(...bins.map((one) => one.count));
    const end = Math.min(1, Math.ceil(10 * Math.max(...bins.map((one) => Math.max(one.said, one.high)))) / 10);
    const scale = (title) => ({
      type: "linear", min: 0, max: end, border: { display: false }, grid: { color: css("--mp-line") },
      title: { display: true, text: title, color: css("--mp-muted") },
      ticks: { color: css("--mp-muted"), maxRotation: 0, stepSize: end > 0.5 ? 0.2 : 0.1, callback: percent },
    });
    const intervals = {
      id: "intervals",
      beforeDatasetsDraw({ ctx, scales: { x, y } }) {
        ctx.save();
        ctx.strokeStyle = css("--mp-chart-best");
        for (const one of bins) {
          ctx.beginPath();
          ctx.moveTo(x.getPixelForValue(one.said), y.getPixelForValue(one.low));
          ctx.lineTo(x.getPixelForValue(one.said), y.getPixelForValue(one.high));
          ctx.stroke();
        }
        ctx.restore();
      },
    };
    let chart = null;
    function draw() {
      chart?.destroy();
      chart = new Chart(figure.querySelector("canvas"), {
        type: "scatter",
        data: { datasets: [
          { label: words.label, data: bins.map((one) => ({ x: one.said, y: one.came })), backgroundColor: css("--mp-chart-best"), pointRadius: bins.map((one) => 3 + 6 * Math.sqrt(one.count / most)) },
          { type: "line", label: words.perfect, data: [{ x: 0, y: 0 }, { x: end, y: end }], borderColor: css("--mp-muted"), borderDash: [5, 4], borderWidth: 1.5, pointRadius: 0, pointHoverRadius: 0 },
        ] },
        options: {
          animation: false, responsive: true, maintainAspectRatio: false,
          scales: { x: scale(words.said), y: scale(words.came) },
          plugins: {
            legend: { display: false },
            tooltip: {
              displayColors: false, filter: (item) => item.datasetIndex === 0,
              callbacks: { label: (item) => {
                const one = bins[item.dataIndex];
                return [`${words.said}${colon} ${percent(one.said)}`, `${words.came}${colon} ${percent(one.came)} (${percent(one.low)} … ${percent(one.high)})`, `n = ${one.count.toLocaleString(language)}`];
              } },
            },
          },
        },
        plugins: [intervals],
      });
    }
    draw();
    return draw;
  }

  const KINDS = { bankroll: drawBankroll, calibration: drawCalibration, course: drawCourse, credits: drawCredits, history: drawHistory };

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
