"""The questions: one SQL file each, a function of the same name beside it, and the rules that every answer passes."""
