"""Alerts: those that are raised, for the Estate page; the list of rules; and the form in which one is made."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from data import access
from data.access import Viewer
from data.state import Made
from layouts import formats, forms, page_top
from layouts.address import Problem
from layouts.components import choice, figures, link
from layouts.forms import line
from layouts.markup import Child, Element, button, div, form, h2, li, p, section, strong, ul, unseen
from queries.answers import Answer
from queries.funnels.watching import Rule

TITLE: Final = "Alerts"
NEW: Final = "/alerts/new"
LEAD: Final = (
    "A rule watches the drop-off rate of a saved funnel, or of one of its steps. Those that are raised stand on the Estate page and in "
    "the API."
)
RULES: Final = {
    "band": "The newest day lies outside what was expected of it",
    "over": "The last seven days are over a limit",
}
HEAD: Final = ("Alert", "Funnel", "Step", "Told when", "Made by", "What can be done")
Ruled = Made[Rule]


@dataclass(frozen=True)
class Draft:
    """A form as it was typed."""

    name: str = ""
    funnel: str = ""
    step: str = "0"
    rule: str = "band"
    limit: str = ""  # per cent
    seen_by: str = "me"

    @classmethod
    def typed(cls, given: Mapping[str, str]) -> "Draft":
        """What a form sent."""
        limit = given.get("limit", "").strip().removesuffix("%").strip()
        rule, seen_by = forms.chosen(given, "rule", RULES), forms.chosen(given, "seen_by", forms.SEEN_BY)
        step = given.get("step", "").strip() or "0"
        return cls(given.get("name", ""), given.get("funnel", ""), step, rule, limit, seen_by)

    def problems(self, steps: int) -> tuple[Problem, ...]:
        """What keeps it from being a rule, at its fields; `steps` are those of the funnel, none where it isn't there."""
        wrong = []
        if not steps:
            wrong.append(Problem("funnel", "Choose a saved funnel"))
        elif not re.fullmatch(r"\d{1,2}", self.step, re.ASCII) or int(self.step) >= steps:
            wrong.append(Problem("step", f"Step should be 0 for the whole funnel, or a step from 1 to {steps - 1}"))
        if self.rule == "over" and not (re.fullmatch(r"\d{1,2}(\.\d+)?", self.limit, re.ASCII) and float(self.limit)):
            wrong.append(Problem("limit", "Limit should be a percentage from 0 to 100"))
        return tuple(wrong)

    def made(self) -> Rule:
        """The rule. Only without `problems`."""
        limit = float(self.limit) / 100 if self.rule == "over" else None
        return Rule.model_validate({"funnel": self.funnel, "step": int(self.step), "rule": self.rule, "limit": limit})


def page(rules: Sequence[Ruled], funnels: Mapping[str, str], viewer: Viewer, deleted: Ruled | None) -> Child:
    """What was just deleted, if anything, and every rule that the viewer may see; `funnels` are names by slug."""
    rows = [_row(one, funnels, viewer) for one in rules if one.definition.funnel in funnels]
    table = figures("Alert rules that you may see", HEAD, rows, numbers=frozenset(), hidden_title=True)
    return [
        forms.deleted(deleted, "/alerts"),
        page_top.heading(TITLE, LEAD),
        link("Make an alert", NEW, class_="govuk-button", role="button"),
        table if rows else None,
        None if rules else p("There are no alerts yet.", class_="govuk-body"),
        _silent(len(rules) - len(rows)),
    ]  # fmt: skip


def _silent(many: int) -> Element | None:
    """What is said of rules on funnels that the viewer doesn't find."""
    said = f"{formats.counted(many, 'alert')} can't be told here: the funnel was deleted, or isn't shared with you."
    return p(said, class_="govuk-body") if many else None


def form_page(draft: Draft, viewer: Viewer, funnels: Mapping[str, str], problems: Sequence[Problem] = ()) -> Child:
    """The form; `funnels` are names by slug."""
    step = line("step", "Step", draft.step, problems, hint="0 is the whole funnel: who started and didn't finish.")
    limit = line(
        "limit",
        "Limit, as a percentage",
        draft.limit,
        problems,
        hint="Of those at the step who don't go on. Only with the second rule.",
    )
    fields = [
        line("name", "Name", draft.name, problems, hint="Such as Photo page loses too many."),
        choice("funnel", "Saved funnel", draft.funnel, {"": "Choose a funnel"} | dict(funnels)),
        step, forms.radios("rule", "Told when", draft.rule, RULES), limit, forms.seen_by(draft.seen_by, viewer),
        button("Save", type="submit", class_="govuk-button"),
    ]  # fmt: skip
    filled = form(fields, method="post", action=NEW, class_="narrow", novalidate=True)
    return page_top.heading("Make an alert", LEAD, filled, problems=problems)


def part(answer: Answer) -> Element | None:
    """The alerts that are raised, as a part of another page; nothing where nobody made a rule."""
    rules: Any = answer.value
    if not rules:
        return None
    raised = [one for one in rules if one["raised"]]
    listed = ul([li(_raised(one)) for one in raised], class_="govuk-list govuk-list--bullet")
    none = p(f"None of {formats.counted(len(rules), 'alert rule')} is raised.", class_="govuk-body")
    return section(
        h2("Alerts", class_="govuk-heading-m"),
        listed if raised else none,
        [p(note, class_="govuk-body") for note in answer.about.notes],
        p(link("All alert rules", "/alerts"), class_="govuk-body"),
    )


def _raised(one: Mapping[str, Any]) -> Child:
    where = one["funnel_name"] if not one["step"] else f"{one['funnel_name']}, {one['step_name']}"
    rate = formats.share(one["drop_off_rate"])
    if one["rule"] == "over":
        told = f"{rate} dropped off in the last seven days, over {formats.share(one['limit'])}"
    else:
        ends = " to ".join(formats.share(one[f"expected_{end}"]) for end in ("low", "high"))
        told = f"{rate} dropped off on {formats.day(formats.of_iso(one['last_day']))}, where {ends} was expected"
    return [strong(one["name"]), ": ", link(where, f"/funnels/{one['funnel']}"), f": {told}."]


def _row(made: Ruled, funnels: Mapping[str, str], viewer: Viewer) -> list[Child]:
    rule = made.definition
    told = RULES[rule.rule] if rule.limit is None else f"{RULES['over']}: {formats.share(rule.limit)}"
    press = forms.pressed(["Delete", unseen(f" {made.name}")], f"/alerts/{made.slug}/delete", made.revision)
    actions = div(press, class_="saved__actions") if access.may_change_made(viewer, made.audience) else ""
    step = str(rule.step) if rule.step else "The whole"
    return [
        made.name,
        link(funnels[rule.funnel], f"/funnels/{rule.funnel}"),
        step,
        told,
        forms.whose(made.audience, viewer),
        actions,
    ]
