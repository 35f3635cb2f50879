"""What a filter panel offers of what there is: the departments of today, and the topics that the viewer finds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from layouts.components import choice, named
from layouts.markup import Element


@dataclass(frozen=True)
class Offered:
    """Departments by name, and the name of each topic by its slug."""

    departments: Sequence[str]
    topics: Mapping[str, str]

    def department(self, chosen: str) -> Element:
        """The choice of a department."""
        return choice("department", "Department", chosen, {"": "All"} | named(self.departments))

    def topic(self, chosen: str) -> Element:
        """The choice of a topic."""
        return choice("topic", "Topic", chosen, {"": "All"} | dict(self.topics))
