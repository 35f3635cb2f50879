// plotly.js for the page of handovers, which draws a square and flows as well.
import "./plotly.mjs";
import colorbar from "plotly.js/src/components/colorbar";
import colorscale from "plotly.js/src/components/colorscale";
import { register } from "plotly.js/src/registry";
import heatmap from "plotly.js/src/traces/heatmap";
import sankey from "plotly.js/src/traces/sankey";

register([colorscale, colorbar, heatmap, sankey]);
