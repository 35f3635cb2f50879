"""What people make - topics, funnels, annotations, alerts - in a small relational database beside the estate, and sums that outlive journeys.

Everything that a person typed is stored encrypted, and so are sums; only kinds, moments, days and random ids stand in plain.
"""

from data.state.records import Kind, Made, Wish
from data.state.shelf import Shelf
from data.state.state import State
from data.state.sums import Sums

__all__ = ["Kind", "Made", "Shelf", "State", "Sums", "Wish"]
