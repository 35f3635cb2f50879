"""The form in which a topic is made or changed, and what its lines find among real pages."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from data.access import Viewer
from layouts import formats, forms, page_top
from layouts.address import Problem
from layouts.forms import hidden, line, lines
from layouts.markup import Child, Element, button, code, div, form, h2, li, p, section, strong, ul
from queries.page_sets.topics import LINES, Definition, Topic

TRY: Final = "/topics/try"
NEW: Final = "/topics/new"
PAGES_HINT: Final = (
    "One a line, such as /brexit, or with a star: /brexit/* is what lies right under it, /brexit/** everything under it. "
    "Pages of services start with their host."
)
GUIDES_HINT: Final = "As pages are sent with them, one a line: GOV.UK sends the content id of the guide. The profile of a page shows its own."
LEAD: Final = "A topic is a named set of pages across departments. A page belongs to it if any of these lines fits."
WORDS: Final = {
    "name": "Name",
    "about": "About",
    "pages": "Pages",
    "taxons": "Taxons",
    "step_by_steps": "Step-by-step guides",
    "document_types": "Document types",
}


@dataclass(frozen=True)
class Draft:
    """A form as it was typed."""

    name: str = ""
    about: str = ""
    pages: str = ""
    taxons: str = ""
    step_by_steps: str = ""
    document_types: str = ""
    seen_by: str = "me"
    revision: int = 0  # of the topic that is changed

    @classmethod
    def typed(cls, given: Mapping[str, str]) -> "Draft":
        """What a form sent; what it didn't send stays empty."""
        texts = {name: given.get(name, "") for name in WORDS}
        seen_by = forms.chosen(given, "seen_by", forms.SEEN_BY)
        return cls(**texts, seen_by=seen_by, revision=forms.number(given.get("revision", "")))

    @classmethod
    def of(cls, topic: Topic, definition: Definition, *, copied: bool) -> "Draft":
        """The form of a topic that is there, or of a copy of it."""
        many: dict[str, Any] = {name: "\n".join(getattr(definition, name)) for name in LINES}
        if copied or topic.made is None:
            return cls(f"Copy of {topic.name}", definition.about, **many)
        return cls(
            topic.name, definition.about, **many, seen_by=topic.made.audience.seen_by, revision=topic.made.revision
        )

    def definition(self) -> Definition:
        """The topic that these lines make. Raises pydantic's `ValidationError`."""
        many = {name: _lines(getattr(self, name)) for name in LINES}
        return Definition.model_validate({**many, "about": self.about.strip()})


@dataclass(frozen=True)
class Tried:
    """What one line, or all of them together, finds: how many pages, and the most seen of them with their page views."""

    line: str
    pages: int
    most: Sequence[Mapping[str, Any]] = ()


def problems_of(wrong: ValidationError) -> tuple[Problem, ...]:
    """Each problem of a definition, at its field."""
    found = {}
    for one in wrong.errors(include_url=False, include_context=False, include_input=False):
        field, *place = [*one["loc"]] or ["pages"]
        where = f", line {place[0] + 1}," if place and isinstance(place[0], int) else ""
        said = re.sub(r"^(?:Value error, )?(?:pages |Input |String |Tuple )?", "", one["msg"])
        found[str(field)] = Problem(str(field), f"{WORDS.get(str(field), 'Pages')}{where} {said[:1].lower()}{said[1:]}")
    return tuple(found.values())


def page(draft: Draft, viewer: Viewer, address: str, problems: Sequence[Problem] = (), *, tried: Child = None) -> Child:
    """The form; `address` takes it."""
    fields = [
        hidden("revision", draft.revision),
        line("name", "Name", draft.name, problems, hint="Such as EU exit. Its address is made of it."),
        line("about", "What it is about", draft.about, problems, hint="A sentence for your colleagues. You can leave it out."),
        lines("pages", "Pages", draft.pages, problems, hint=PAGES_HINT, rows=8),
        div(tried, data_tried=True, role="status", aria_live="polite", class_="tried"),
        lines("taxons", "Taxons", draft.taxons, problems, hint="Branches of GOV.UK's topic tree, one a line, such as Brexit."),
        lines("step_by_steps", WORDS["step_by_steps"], draft.step_by_steps, problems, hint=GUIDES_HINT),
        lines("document_types", "Document types", draft.document_types, problems, hint="One a line, such as guide."),
        forms.seen_by(draft.seen_by, viewer),
    ]  # fmt: skip
    buttons = div(
        button("Save", type="submit", class_="govuk-button"),
        button("Try it", type="submit", name="try", value="true", class_="govuk-button govuk-button--secondary"),
        class_="govuk-button-group",
    )
    filled = form(fields, buttons, method="post", action=address, class_="narrow", data_try=TRY, novalidate=True)
    return page_top.heading(title(draft), LEAD, filled, problems=problems)


def title(draft: Draft) -> str:
    """The title of the form's page."""
    return "Change a topic" if draft.revision else "Make a topic"


def found(each: Sequence[Tried], together: Tried | None, days: str, *, left: int = 0) -> Element:
    """What the lines find among the pages of these days."""
    items = [li(code(formats.breakable(one.line)), " ", _said(one)) for one in each]
    more = (
        p(f"{formats.counted(left, 'further line')} counted together with the others.", class_="govuk-body-s")
        if left
        else None
    )
    whole = p(strong("Together: "), _said(together), f" on {days}", class_="govuk-body") if together else None
    return section(
        h2("What these lines find", class_="govuk-heading-s"), ul(items, class_="govuk-list tried__lines"), more, whole
    )


def wrong(problems: Sequence[Problem]) -> Element:
    """Why lines can't be tried yet."""
    return p("; ".join(one.sentence for one in problems), class_="govuk-body-s")


def _said(tried: Tried) -> str:
    if not tried.pages:
        return "no page"
    first = tried.most[0] if tried.most else None
    most = f", most seen {first['page']} with {formats.counted(first['page_views'], 'page view')}" if first else ""
    return f"{formats.counted(tried.pages, 'page')}{most}"


def _lines(text: str) -> tuple[str, ...]:
    return tuple(one for each in text.splitlines() if (one := each.strip()))
