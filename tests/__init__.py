"""The tests: stories, the plain oracle, and generic tests over every query, page, route, metric and setting."""
