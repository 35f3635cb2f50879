"""Departments beside each other, and the whole estate with them."""
