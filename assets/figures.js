// The two components of Dash that pages with figures are made of: one reads the address, one shows the answer to it, as
// HTML that the server wrote, and draws the charts that stand in it. They hold no words and no numbers of their own.
(() => {
  "use strict";
  const { createElement, useEffect, useLayoutEffect, useRef } = window.React;
  const grown = new ResizeObserver((changes) => changes.forEach(({ target }) => fit(target)));

  /** Draw the chart of a place that has room, or fit it to its new room; one in closed details waits until they open. */
  function fit(place) {
    if (!place.checkVisibility() || !place.clientWidth) return;
    if (place.clientWidth === Number(place.dataset.drawn)) return;
    const first = !place.dataset.drawn;
    place.dataset.drawn = place.clientWidth;
    return first ? window.Plotly.newPlot(place, JSON.parse(place.dataset.figure)) : window.Plotly.Plots.resize(place);
  }

  /** Draw every chart of the answer; if plotly.js is still being read, as soon as it is there. The browser notes when all is drawn. */
  async function draw(answer) {
    const places = [...answer.querySelectorAll("[data-figure]")];
    if (places.length && !window.Plotly) return document.getElementById("plotly").addEventListener("load", () => draw(answer), { once: true });
    await Promise.all(places.map(fit));
    for (const place of places) grown.observe(place);
    performance.measure("drawn", { start: 0 });
  }

  function Answer({ id, html }) {
    const place = useRef(null);
    useLayoutEffect(() => {
      grown.disconnect();
      place.current.innerHTML = html;
      if (!place.current.querySelector(".answer--waiting")) draw(place.current);
    }, [html]);
    return createElement("div", { id, ref: place });
  }

  function Address({ setProps }) {
    useEffect(() => setProps({ pathname: location.pathname, search: location.search }), []);
    return null;
  }

  window.estate = { Address, Answer };
})();
