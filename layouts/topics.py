"""The list of topics: those of the register, one's own, and those that others share."""

from collections.abc import Sequence
from typing import Final

from data.access import Viewer
from layouts import formats, forms, page_top
from layouts.components import figures, link
from layouts.markup import Child, Element
from queries.page_sets.topics import Topic

TITLE: Final = "Topics"
LEAD: Final = (
    "A topic is a named set of pages across departments, such as EU exit. Use one wherever pages can be chosen: as the start or a "
    "step of journeys and drop-offs, and as a filter."
)
HEAD: Final = ("Topic", "What it is about", "Made by", "Changed")


def page(topics: Sequence[Topic], viewer: Viewer, deleted: Topic | None) -> Child:
    """What was just deleted, if anything, and every topic that the viewer may see."""
    return [
        forms.deleted(deleted.made, "/topics") if deleted else None,
        page_top.heading(TITLE, LEAD),
        link("Make a topic", "/topics/new", class_="govuk-button", role="button"),
        figures("Topics that you may see", HEAD, [_row(topic, viewer) for topic in topics], numbers=frozenset(), hidden_title=True),
    ]  # fmt: skip


def _row(topic: Topic, viewer: Viewer) -> list[Child]:
    name: Element = link(topic.name, f"/topics/{topic.slug}")
    if topic.made is None:
        return [name, topic.definition.about, "Everybody's", ""]
    whose, changed = forms.whose(topic.made.audience, viewer), formats.day(topic.made.changed.date())
    return [name, topic.definition.about, whose, changed]
