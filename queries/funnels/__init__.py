"""Drop-offs: funnels as people write and keep them, what they find, over time, side by side, and alerts on them."""
