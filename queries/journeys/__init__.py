"""Journeys from an anchor, forward and backward: what is asked, where they come from, and how they are laid out."""
