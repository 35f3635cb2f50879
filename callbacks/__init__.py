"""Whatever answers from outside: pages, the gate, the API, files and the command line."""
