// Pages with figures by Dash load our own build of plotly.js, and never the stock one that Dash would ask for.
(() => {
  "use strict";
  const address = document.querySelector('meta[name="plotly"]').content;
  Object.defineProperty(window, "_dashPlotlyJSURL", { get: () => address, set: () => {}, configurable: false });
})();
