"""What changed, and where to act."""
