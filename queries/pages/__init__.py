"""One page and all pages: their measures, names and owners, finding one, and the pages before and after."""
