"""How the state database came to its present tables, one step a file."""
