"""Annotations: the list of dated notes, and the form in which one is made or changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from data import access
from data.access import Viewer
from data.periods import Period
from data.state import Made
from layouts import formats, forms, ids, page_top
from layouts.address import Problem
from layouts.components import choice, figures, link
from layouts.forms import hidden, line
from layouts.markup import Child, Element, button, div, form, input_, label, p, unseen
from queries.trends.noted import Annotation

TITLE: Final = "Annotations"
NEW: Final = "/annotations/new"
LEAD: Final = (
    "Dated notes that are drawn on every chart over time, such as a release, a campaign or a tag that was lost. Definition breaks, "
    "bank holidays and other dated events of the register are drawn as well."
)
HEAD: Final = ("Days", "Annotation", "Whose figures", "Written by", "What can be done")
Noted = Made[Annotation]


@dataclass(frozen=True)
class Draft:
    """A form as it was typed."""

    name: str = ""
    first_day: str = ""
    last_day: str = ""
    department: str = ""
    seen_by: str = "everyone"
    revision: int = 0

    @classmethod
    def typed(cls, given: Mapping[str, str]) -> "Draft":
        """What a form sent."""
        texts = {name: given.get(name, "").strip() for name in ("name", "first_day", "last_day", "department")}
        seen_by = forms.chosen(given, "seen_by", forms.SEEN_BY)
        return cls(**texts, seen_by=seen_by, revision=forms.number(given.get("revision", "")))

    @classmethod
    def of(cls, made: Noted) -> "Draft":
        """The form of a note that is there."""
        about = made.definition
        last = str(about.last_day) if about.last_day != about.first_day else ""
        return cls(made.name, str(about.first_day), last, about.department, made.audience.seen_by, made.revision)

    def problems(self) -> tuple[Problem, ...]:
        """What keeps it from being a note, at its fields."""
        said = {"first_day": "First day", "last_day": "Last day"}
        typed = {"first_day": self.first_day, "last_day": self.last_day or self.first_day}
        wrong = [Problem(name, f"{said[name]} should be a date") for name, text in typed.items() if _day(text) is None]
        first, last = _day(typed["first_day"]), _day(typed["last_day"])
        if first and last and last < first:
            wrong.append(Problem("last_day", "Last day should not be before the first day"))
        return tuple(wrong[:1] if not self.first_day else wrong)

    def annotation(self, viewer: Viewer) -> Annotation:
        """The note, by whom it is written. Only without `problems`."""
        days = {"first_day": self.first_day, "last_day": self.last_day or self.first_day}
        return Annotation.model_validate({**days, "department": self.department, "by": viewer.title})


def page(notes: Sequence[Noted], viewer: Viewer, deleted: Noted | None) -> Child:
    """What was just deleted, if anything, and every note that the viewer may see."""
    table = figures(
        "Notes that you may see", HEAD, [_row(one, viewer) for one in notes], numbers=frozenset(), hidden_title=True
    )
    return [
        forms.deleted(deleted, "/annotations"),
        page_top.heading(TITLE, LEAD),
        link("Add an annotation", NEW, class_="govuk-button", role="button"),
        table if notes else p("There are no annotations yet.", class_="govuk-body"),
    ]  # fmt: skip


def form_page(
    draft: Draft, viewer: Viewer, address: str, departments: Sequence[str], *, problems: Sequence[Problem] = ()
) -> Child:
    """The form; `address` takes it, `departments` are those that the viewer may choose."""
    offered = {"": "Everybody's"} | {short: short for short in departments}
    fields = [
        hidden("revision", draft.revision),
        line(
            "name", "Annotation", draft.name, problems, hint="At most 80 characters, such as New photo page released."
        ),
        _day_field("first_day", "First day", draft.first_day, problems),
        _day_field("last_day", "Last day, if there is more than one", draft.last_day, problems),
        choice("department", "Whose figures it concerns", draft.department, offered),
        forms.seen_by(draft.seen_by, viewer),
        button("Save", type="submit", class_="govuk-button"),
    ]
    lead = "It is drawn on every chart over time of the figures that it concerns."
    filled = form(fields, method="post", action=address, class_="narrow", novalidate=True)
    return page_top.heading(title(draft), lead, filled, problems=problems)


def title(draft: Draft) -> str:
    """The title of the form's page."""
    return "Change an annotation" if draft.revision else "Add an annotation"


def _day_field(name: str, said: str, value: str, problems: Sequence[Problem]) -> Element:
    wrong = next((one.sentence for one in problems if one.field == name), "")
    of = ids.field(name)
    told = p(unseen("Error: "), wrong, class_="govuk-error-message", id=f"{of}-error") if wrong else None
    control = input_(
        type="date", id=of, name=name, value=value if _day(value) else "", aria_describedby=f"{of}-error" if wrong else None,
        class_=f"govuk-input govuk-input--width-10{' govuk-input--error' if wrong else ''}",
    )  # fmt: skip
    kind = f"govuk-form-group{' govuk-form-group--error' if wrong else ''}"
    return div(label(said, class_="govuk-label", for_=of), told, control, class_=kind)


def _row(made: Noted, viewer: Viewer) -> list[Child]:
    about, to = made.definition, f"/annotations/{made.slug}"
    may_change = bool(access.may_change_made(viewer, made.audience))
    actions = div(
        link(["Change", unseen(f" {made.name}")], f"{to}/edit"),
        forms.pressed(["Delete", unseen(f" {made.name}")], f"{to}/delete", made.revision),
        class_="saved__actions",
    )
    days = formats.period(Period(about.first_day, about.last_day))
    return [
        days,
        made.name,
        about.department or "Everybody's",
        f"{about.by}, {forms.SHARED[made.audience.seen_by]}",
        actions if may_change else "",
    ]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
