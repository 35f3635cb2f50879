"""Whose the pages of a journey are, and where it crosses from one department into another."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.register import register
from queries.answers import Answer


@dataclass(frozen=True)
class Owners:
    """The department of each node, by step and page; those of nobody and of several have none."""

    of_node: Mapping[tuple[int, str], str]

    @classmethod
    def of(cls, answer: Answer) -> "Owners":
        """Those that the table of the answer names."""
        rows = answer.table.select("step", "page", "department").iter_rows()
        known = {department.short for department in register.departments}
        return cls({(step, page): department for step, page, department in rows if department in known})

    def crossed(self, link: Mapping[str, Any]) -> str | None:
        """The department at the end of a link, if it starts in another."""
        start = self.of_node.get((link["step"], link["from"]))
        end = self.of_node.get((link["step"] + 1, link["to"]))
        return end if start and end and start != end else None
