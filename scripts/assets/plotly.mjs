// plotly.js with the two kinds of chart and the components that nearly every page draws with, and no others. Where
// plotly.js asks for a component that isn't registered, it goes on without.
import "plotly.js/build/plotcss";
import annotations from "plotly.js/src/components/annotations";
import errorbars from "plotly.js/src/components/errorbars";
import fx from "plotly.js/src/components/fx";
import legend from "plotly.js/src/components/legend";
import modebar from "plotly.js/src/components/modebar";
import selections from "plotly.js/src/components/selections";
import shapes from "plotly.js/src/components/shapes";
import english from "plotly.js/src/locale-en";
import american from "plotly.js/src/locale-en-us";
import api from "plotly.js/src/plot_api";
import plots from "plotly.js/src/plots/plots";
import { register } from "plotly.js/src/registry";
import bar from "plotly.js/src/traces/bar";
import scatter from "plotly.js/src/traces/scatter";

for (const [name, fn] of Object.entries(api)) register({ moduleType: "apiMethod", name, fn });
register([scatter, bar, annotations, selections, shapes, errorbars, legend, fx, modebar, english, american]);
window.Plotly = { newPlot: api.newPlot, Plots: { resize: plots.resize } };
