// The two components of Dash that pages with figures are made of: one reads the address, one shows the answer to it, as
// HTML that the server wrote, and draws the charts that stand in it. They hold no words and no numbers of their own.
(() => {
  "use strict";
  const { createElement, useEffect, useLayoutEffect, useRef } = window.React;
  const PAPER = 1000; // pixels across that a sheet has room for
  const grown = new ResizeObserver((changes) => changes.forEach(({ target }) => fit(target)));

  const pen = document.createElement("canvas").getContext("2d");

  /** Pixels that words take as a chart writes them. */
  function wide(words, size) {
    pen.font = `${size}px Arial, sans-serif`;
    return pen.measureText(words).width;
  }

  /** Words as people read them: text of a chart stands escaped, as plotly takes a few marks. */
  function read(words) {
    const marks = { lt: "<", gt: ">", quot: '"', "#x27": "'", amp: "&" };
    return words.replace(/&(lt|gt|quot|#x27|amp);/g, (_, name) => marks[name]);
  }

  /** Words cut to a room; those of several lines or with marks stay as they are. */
  function cut(words, room, size) {
    const plain = read(words);
    if (words.includes("<") || wide(plain, size) <= room) return words;
    let end = plain.length;
    while (end > 1 && wide(`${plain.slice(0, end)}…`, size) > room) end -= 1;
    return `${plain.slice(0, end).trimEnd()}…`.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  }

  /** Words in lines that fit a room. */
  function lines(words, room, size) {
    const fits = (line, word) => line && wide(`${line} ${word}`, size) > room;
    return words.split(" ").reduce((all, word) => (fits(all.at(-1), word) ? [...all, word] : [...all.slice(0, -1), `${all.at(-1)} ${word}`.trim()]), [""]);
  }

  /** The words of a chart without names of days that would run over others of their line; the first stay. */
  function apart({ annotations, xaxis }, room, size) {
    const taken = {};
    const [first, last] = (xaxis?.range ?? []).map(Date.parse);
    return annotations?.filter(({ text, x, yref, xanchor, yshift = 0, font }) => {
      if (typeof x !== "string" || yref !== "paper") return true;
      const long = wide(read(text), font?.size ?? size) + 6;
      const from = ((Date.parse(x) - first) / (last - first)) * room - { left: 0, center: 0.5, right: 1 }[xanchor] * long;
      const line = (taken[yshift] ??= []);
      return !line.some(([start, end]) => from < end && start < from + long) && line.push([from, from + long]);
    });
  }

  /** A chart for the room that it has: fewer numbers along its foot, names and words cut or broken where they would run out of it. */
  function fitted({ data, layout, config }, width) {
    const margin = { l: 80, r: 80, b: 80, ...layout.margin };
    const size = layout.font?.size ?? 14;
    if (layout.yaxis?.ticktext && margin.l > width / 3) {
      margin.l = Math.round(width / 3);
      layout.yaxis.ticktext = layout.yaxis.ticktext.map((name) => cut(name, margin.l - 12, size));
    }
    const room = width - margin.l - margin.r;
    for (const axis of Object.keys(layout).filter((name) => name.startsWith("xaxis")).map((name) => layout[name])) {
      const [from, to] = axis.domain ?? [0, 1];
      const own = room * (to - from);
      if (axis.type === "log" && own < 500) axis.dtick = 1; // powers of ten alone
      if (axis.nticks) axis.nticks = Math.min(axis.nticks, Math.max(2, Math.floor(own / 56)));
      if (typeof axis.tickvals?.[0] === "number") {
        const step = Math.ceil((axis.tickvals.length * 56) / own);
        for (const name of ["tickvals", "ticktext"]) axis[name] &&= axis[name].filter((_, place) => place % step === 0);
      }
      const labels = axis.type === "category" && !axis.tickvals ? new Set(data[0]?.x).size : 0;
      if (labels * 36 > own) Object.assign(axis, { tickmode: "linear", dtick: Math.ceil((labels * 36) / own) });
      if (axis.title?.text) {
        const broken = lines(axis.title.text, own + 2 * Math.min(margin.l, margin.r) - 8, axis.title.font?.size ?? size);
        axis.title.text = broken.join("<br>");
        margin.b += 18 * (broken.length - 1);
        layout.height += 18 * (broken.length - 1);
      }
    }
    for (const words of (layout.annotations ?? []).filter(({ x, xanchor }) => xanchor === "left" && typeof x === "number")) {
      const letters = words.font?.size ?? size;
      const beside = room + margin.r - wide(words.text, letters) - 8; // where words that follow a bar must begin
      if (words.x === 0) words.text = cut(words.text, room + margin.r - 8, letters);
      else if (words.xref === "paper") words.text = lines(words.text, room, letters).join("<br>");
      else if (beside > 0 && layout.xaxis?.range?.[0] === 0) layout.xaxis.range[1] = Math.max(layout.xaxis.range[1], (words.x * room) / beside);
    }
    layout.annotations = apart(layout, room, size);
    return { data, layout: { ...layout, width, margin }, config };
  }

  /** Draw the chart of a place that has room, again for new room; one in closed details waits until they open. */
  function fit(place, most = Infinity) {
    const room = Math.min(place.clientWidth, most);
    if (!place.checkVisibility() || !room || room === Number(place.dataset.drawn)) return;
    place.dataset.drawn = room;
    const chart = fitted(JSON.parse(place.dataset.figure), room);
    place.style.height = `${chart.layout.height}px`;
    return window.Plotly.newPlot(place, chart);
  }

  /** Draw every chart of the answer; if plotly.js is still being read, as soon as it is there. What is in sight waits for no other, and
      the browser notes when it is drawn. */
  async function draw(answer) {
    const places = [...answer.querySelectorAll("[data-figure]")];
    if (places.length && !window.Plotly) return document.getElementById("plotly").addEventListener("load", () => draw(answer), { once: true });
    const inSight = places.filter((place) => place.getBoundingClientRect().top < innerHeight);
    await Promise.all(inSight.map((place) => fit(place)));
    performance.measure("drawn", { start: 0 });
    await shown();
    for (const place of places) grown.observe(place); // which draws those that aren't drawn yet
  }

  /** Until the browser has shown what is drawn so far. */
  const shown = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

  /** Tell those who listen; go where the address leads, or back to where the page was left. */
  function arrive(answer) {
    document.getElementById("announced").textContent = answer.querySelector(".answer__sentence")?.textContent ?? "";
    const target = answer.querySelector(`#${CSS.escape(location.hash.slice(1) || "nothing")}`);
    const [{ type }] = performance.getEntriesByType("navigation");
    const left = type !== "navigate" && sessionStorage.getItem(location.href);
    if (left) return scrollTo(0, left);
    const pressed = target?.querySelector("[aria-sort] a");
    if (target && !pressed) target.tabIndex = -1;
    target?.scrollIntoView();
    (pressed ?? target)?.focus({ preventScroll: true });
  }
  addEventListener("pagehide", () => sessionStorage.setItem(location.href, scrollY));

  /** The server can't be reached, or answers with none of ours: Dash would wait for ever. */
  const ask = window.fetch;
  window.fetch = async (...asked) => {
    try {
      const answer = await ask(...asked);
      if (answer.status >= 400) unreachable();
      return answer;
    } catch (problem) {
      unreachable();
      throw problem;
    }
  };

  function unreachable() {
    const answer = document.querySelector(".answer--waiting");
    answer?.replaceWith(document.getElementById("unreachable").content.cloneNode(true));
    if (answer) document.querySelector("#figures .govuk-error-summary").focus();
  }

  function Answer({ id, html }) {
    const place = useRef(null);
    useLayoutEffect(() => {
      grown.disconnect();
      place.current.innerHTML = html;
      if (place.current.querySelector(".answer--waiting")) return;
      draw(place.current);
      arrive(place.current);
    }, [html]);
    return createElement("div", { id, ref: place });
  }

  function Address({ setProps }) {
    useEffect(() => setProps({ pathname: location.pathname, search: location.search }), []);
    return null;
  }

  const refit = (most) => document.querySelectorAll("[data-figure]").forEach((place) => fit(place, most));
  window.addEventListener("beforeprint", () => refit(PAPER));
  window.addEventListener("afterprint", () => refit());

  window.estate = { Address, Answer };
})();
