"""What is offered of what there is: departments of today and topics in a filter panel, services where none is chosen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from layouts import formats, page_top
from layouts.components import choice, link, named
from layouts.markup import Element, details, div, h2, h3, li, section, summary, ul, unseen


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


def services(of: Mapping[str, Mapping[str, str]], address: Callable[[str], str]) -> Element:
    """Services to choose from: of each department their names by slug; `address` is where one is looked at."""
    return div(
        h2("Choose a service", class_="govuk-heading-m"),
        [_of_department(short, names, address, opened=len(of) == 1) for short, names in of.items()],
        class_="answer offered",
    )


def _of_department(short: str, names: Mapping[str, str], address: Callable[[str], str], *, opened: bool) -> Element:
    """Its services, which a phone shows folded beside those of others."""
    links = [li(link(name, address(slug))) for slug, name in names.items()]
    said = summary(formats.counted(len(names), "service"), unseen(f" of {short}"), class_="fold__name")
    listed = details(said, ul(links, class_="govuk-list"), class_=page_top.FOLD, open=opened)
    return section(h3(short, class_="govuk-heading-s"), listed)
