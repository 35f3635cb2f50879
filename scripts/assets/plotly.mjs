// plotly.js with the six kinds of chart that the service draws, and no others.
import Plotly from "plotly.js/lib/core";
import bar from "plotly.js/lib/bar";
import funnel from "plotly.js/lib/funnel";
import heatmap from "plotly.js/lib/heatmap";
import sankey from "plotly.js/lib/sankey";
import treemap from "plotly.js/lib/treemap";

Plotly.register([bar, funnel, heatmap, sankey, treemap]);
window.Plotly = Plotly;
