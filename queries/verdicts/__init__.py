"""Is it real? Intervals, tests, expected bands and comparisons."""
