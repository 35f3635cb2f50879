"""Which pages: sets of pages as people write them (pages, patterns, services, topics), and the pages that they resolve to."""
