"""The form in which a funnel is built: steps added, named, moved and taken away, tried against real pages, then kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from data.access import Viewer
from layouts import formats, forms, ids, page_top
from layouts.address import Problem
from layouts.forms import hidden, line, number
from layouts.funnel_state import MODES, FunnelState
from layouts.markup import (
    Child,
    Element,
    button,
    code,
    div,
    fieldset,
    form,
    h2,
    input_,
    label,
    legend,
    li,
    ol,
    p,
    section,
    span,
    strong,
    ul,
    unseen,
)
from queries.funnels import funnel_text
from queries.funnels.funnel_definition import LEAST_STEPS, MOST_STEPS

NEW: Final = "/funnels/new"
TRY: Final = "/funnels/try"
FIRST_STEPS: Final = 2
OTHERS: Final = (
    "name",
    "mode",
    "window",
    "exclude",
    "seen_by",
    "revision",
    "focus",
)  # what a form holds beside its steps
LEAD: Final = (
    "A funnel is the steps that people should go through, one after the other. Each step is a page, a pattern such as "
    "/apply/**, or several with | between them; topic:eu-exit and service_end:renew-passport work too."
)


@dataclass(frozen=True)
class StepDraft:
    """A step as it was typed."""

    name: str = ""
    pages: str = ""
    optional: bool = False

    def read(self) -> list[dict[str, Any]]:
        """The step as the API takes it; several where `>` stands between pages, none where nothing was typed."""
        if not self.pages.strip():
            return []
        first, *others = funnel_text.read(self.pages)
        named = {"name": self.name.strip()} if self.name.strip() else {}
        optional = {"optional": True} if self.optional else {}
        return [{**first, **named, **optional}, *others]


@dataclass(frozen=True)
class Draft:
    """A form as it was typed. `focus` is the field that is typed into next."""

    steps: tuple[StepDraft, ...] = (StepDraft(), StepDraft())
    name: str = ""
    mode: str = "ordered"
    window: str = ""
    exclude: str = ""
    seen_by: str = "me"
    revision: int = 0  # of the funnel that is changed
    focus: str = ""

    @classmethod
    def typed(cls, given: Mapping[str, str]) -> "Draft":
        """What a form sent, or its address says."""
        count = min(number(given.get("count", "")), MOST_STEPS + 1)  # one too many is told, not dropped
        steps = tuple(
            StepDraft(given.get(f"name-{n}", ""), given.get(f"pages-{n}", ""), f"optional-{n}" in given)
            for n in range(1, count + 1)
        )
        texts = {name: given.get(name, "") for name in ("name", "window", "exclude", "focus")}
        mode, seen_by = forms.chosen(given, "mode", MODES), forms.chosen(given, "seen_by", forms.SEEN_BY)
        return cls(steps, **texts, mode=mode, seen_by=seen_by, revision=number(given.get("revision", "")))

    @classmethod
    def of(cls, state: FunnelState, name: str = "") -> "Draft":
        """The form of a funnel that is looked at."""
        steps = tuple(_step_draft(one) for one in state.definition()) if state.chosen else ()
        steps += (StepDraft(),) * (FIRST_STEPS - len(steps))
        window = str(state.window) if state.window else ""
        return cls(steps, name, state.mode, window, ", ".join(state.exclude))

    def acted(self, act: str) -> "Draft":
        """The form after one of its buttons: `add`, `add:PAGE`, `up:2`, `down:2`, `remove:2`; the focus follows."""
        what, _, value = act.partition(":")
        if what == "add":
            return self._added(value)
        place, steps = number(value) - 1, list(self.steps)
        if not 0 <= place < len(steps):
            return self
        if what == "remove":
            del steps[place]
            kept = (*steps, *[StepDraft()] * (FIRST_STEPS - len(steps)))
            return replace(self, steps=kept, focus=f"pages-{max(1, place)}")
        other = place + {"up": -1, "down": 1}.get(what, 0)
        if not 0 <= other < len(steps):
            return self
        steps[place], steps[other] = steps[other], steps[place]
        again = {0: "down", len(steps) - 1: "up"}.get(other, what)  # at either end the same button is gone
        return replace(self, steps=tuple(steps), focus=f"{again}-{other + 1}")

    def _added(self, page: str) -> "Draft":
        """One more step at the end; a page that is suggested takes the first step that is still empty."""
        steps = list(self.steps)
        empty = next((n for n, step in enumerate(steps) if not step.pages.strip()), None) if page else None
        if empty is not None:
            steps[empty] = replace(steps[empty], pages=page)
        elif len(steps) < MOST_STEPS:
            steps.append(StepDraft(pages=page))
        return replace(self, steps=tuple(steps), focus=f"pages-{(len(steps) if empty is None else empty + 1)}")

    def text(self) -> str:
        """The steps in one line, as the address has them."""
        return funnel_text.write([one for step in self.steps for one in step.read()])

    @property
    def left_out(self) -> tuple[str, ...]:
        """The pages that must not lie between."""
        return tuple(one.strip() for one in self.exclude.split(",") if one.strip())

    def address(self, path: str) -> str:
        """The address of the form as it stands, which `typed` reads."""
        steps = [
            (f"{name}-{n}", value)
            for n, step in enumerate(self.steps, 1)
            for name, value in (
                ("name", step.name),
                ("pages", step.pages),
                ("optional", "true" if step.optional else ""),
            )
        ]
        others = [(name, str(getattr(self, name))) for name in OTHERS]
        query = urlencode(
            [("count", str(len(self.steps))), *((name, value) for name, value in steps + others if value)]
        )
        return f"{path}?{query}"

    def state(self) -> FunnelState:
        """The page that shows this funnel."""
        return FunnelState(steps=self.text(), mode=self.mode, window=number(self.window), exclude=self.left_out)


@dataclass(frozen=True)
class Tried:
    """What a step finds: how many pages, and the most seen; or how many sessions saw it, where it names no pages."""

    said: str
    pages: int | None = None
    most: str = ""
    views: int | None = None
    sessions: int | None = None


def page(draft: Draft, viewer: Viewer, address: str, problems: Sequence[Problem] = (), *, tried: Child = None) -> Child:
    """The form; `address` takes it."""
    fields: list[Child] = [
        hidden("revision", draft.revision), hidden("count", len(draft.steps)),
        # Enter in a field presses the first button of a form: this one, which tries the steps and takes nothing away.
        button("Try it", type="submit", name="act", value="try", class_="govuk-visually-hidden", tabindex="-1", aria_hidden="true"),
        ol([_step(draft, n, problems) for n in range(1, len(draft.steps) + 1)], class_="steps-made"),
        button("Add a step", type="submit", name="act", value="add", class_="govuk-button govuk-button--secondary"),
        div(tried, data_tried=True, role="status", class_="tried"),
        forms.radios("mode", "How steps follow", draft.mode, MODES),
        line("window", "Within so many seconds of the first step", draft.window, problems, hint="Leave it empty for any time."),
        line("exclude", "Without seeing these pages between", draft.exclude, problems, hint="Pages or patterns, with commas."),
        line("name", "Name", draft.name, problems, hint="Needed to save it, such as Renew a passport, adults."),
        forms.seen_by(draft.seen_by, viewer),
    ]  # fmt: skip
    buttons = div(
        button("Show it", type="submit", name="act", value="show", class_="govuk-button"),
        button("Save", type="submit", name="act", value="save", class_="govuk-button govuk-button--secondary"),
        class_="govuk-button-group",
    )
    filled = form(fields, buttons, method="post", action=address, class_="narrow", data_try=TRY, novalidate=True)
    return page_top.heading(title(draft), LEAD, filled, problems=problems)


def title(draft: Draft) -> str:
    """The title of the form's page."""
    return "Change a funnel" if draft.revision else "Build a funnel"


def _step(draft: Draft, n: int, problems: Sequence[Problem]) -> Element:
    step, wrong = draft.steps[n - 1], [one for one in problems if one.field == f"pages-{n}"]
    box = input_(
        type="checkbox",
        id=ids.field(f"optional-{n}"),
        name=f"optional-{n}",
        value="true",
        checked=step.optional,
        class_="govuk-checkboxes__input",
    )
    optional = div(
        div(box, label("Optional", for_=ids.field(f"optional-{n}"), class_="govuk-label govuk-checkboxes__label"), class_="govuk-checkboxes__item"),
        class_="govuk-checkboxes govuk-checkboxes--small",
    )  # fmt: skip
    pages = line(f"pages-{n}", "Pages", step.pages, wrong, focus=draft.focus == f"pages-{n}")
    fields = div(pages, line(f"name-{n}", "Called", step.name), class_="steps-made__fields")
    head = legend(f"Step {n}", class_="govuk-fieldset__legend govuk-fieldset__legend--s")
    foot = div(optional, _moves(draft, n), class_="steps-made__foot")
    return li(fieldset(head, fields, foot, class_="govuk-fieldset"), class_="steps-made__step")


def _moves(draft: Draft, n: int) -> Element:
    last = len(draft.steps)
    offered = [("up", "Up", n > 1), ("down", "Down", n < last), ("remove", "Remove", last > LEAST_STEPS)]
    return div(
        [_move(draft, n, what, said) for what, said, possible in offered if possible], class_="steps-made__moves"
    )


def _move(draft: Draft, n: int, what: str, said: str) -> Element:
    focused = draft.focus == f"{what}-{n}"
    return button(
        said, unseen(f" step {n}"), type="submit", name="act", value=f"{what}:{n}", class_="panel__more", autofocus=focused,
    )  # fmt: skip


def found(
    each: Sequence[Tried], funnel: Sequence[int | None], days: str, next_pages: Sequence[Mapping[str, Any]]
) -> Element:
    """What the steps find on these days, how many sessions go through them, and the most likely next step."""
    items = [li(code(formats.breakable(one.said)), " ", _said(one)) for one in each]
    through = " > ".join(formats.whole(count) for count in funnel)
    whole = p(strong("Sessions from step to step: "), through, class_="govuk-body") if funnel else None
    return section(
        h2(f"What these steps find on {days}", class_="govuk-heading-s"), ul(items, class_="govuk-list tried__lines"), whole, _suggested(next_pages),
    )  # fmt: skip


def _said(tried: Tried) -> str:
    if tried.pages is None:
        return formats.counted(tried.sessions, "session")
    if not tried.pages:
        return "no page"
    return f"{formats.counted(tried.pages, 'page')}, most seen {tried.most} with {formats.counted(tried.views, 'page view')}"


def _suggested(next_pages: Sequence[Mapping[str, Any]]) -> Element | None:
    if not next_pages:
        return None
    offers = [li(_offer(row)) for row in next_pages]
    return div(p("Most often opened next:", class_="govuk-body"), ul(offers, class_="govuk-list steps-made__next"))


def _offer(row: Mapping[str, Any]) -> Element:
    said = span(f", {formats.counted(row['page_views'], 'page view')}")
    return button(
        "Add ", strong(formats.breakable(row["page"])), said, type="submit", name="act", value=f"add:{row['page']}", class_="panel__more",
    )  # fmt: skip


def _step_draft(step: Mapping[str, Any]) -> StepDraft:
    plain = {name: value for name, value in step.items() if name not in {"name", "optional"}}
    return StepDraft(step.get("name") or "", funnel_text.write([plain]), bool(step.get("optional")))
