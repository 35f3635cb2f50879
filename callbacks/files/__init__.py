"""Files to take away, one module a kind; `make` puts them together. Screen and file come from the same result."""
