"""Measures over time, what was expected of them, why they moved, and the dated notes beside them."""
