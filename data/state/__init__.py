"""What people make - topics, funnels, annotations, alerts - in a small relational database beside the estate.

Everything that a person typed is stored encrypted; only kinds, moments and random ids stand in plain.
"""

from data.state.records import Kind, Made, Wish
from data.state.shelf import Shelf
from data.state.state import State

__all__ = ["Kind", "Made", "Shelf", "State", "Wish"]
