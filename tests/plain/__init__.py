"""Every question answered a second time in plain Python: slow, obviously right, and sharing no code with the fast way."""
