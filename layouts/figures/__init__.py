"""Figures: a value in, a plain plotly figure out; no Dash in it."""
