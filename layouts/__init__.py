"""How it looks and reads: ids, words, number writing, components, figures and one module a page."""
