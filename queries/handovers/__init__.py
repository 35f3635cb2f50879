"""Handovers from department to department, and from start pages to services."""
