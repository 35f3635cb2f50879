"""Why it moved: one measure of a department, a service or a page between two periods, split so that the parts add up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from layouts import formats, page_top, service_state, why
from layouts.address import Field, Problem, one_of, text
from layouts.components import choice, day_field, files, graph, leading, more
from layouts.figures import moved as picture
from layouts.markup import Child, Element, div, input_, p
from layouts.overview import Overview
from layouts.state import COMPARISONS, by_name
from queries.answers import Answer
from queries.metrics import METRICS

SHOWN: Final = 20
MEASURES: Final = (
    "sessions",
    "page_views",
    "landings",
    "exits",
    "searches",
    "exit_rate",
    "single_page_rate",
    "arrival_rate",
)
COMPARED: Final = {name: said for name, said in COMPARISONS.items() if name != "none"}
LEAD: Final = (
    "The change between two periods, split into parts that add up to it. The review holds a thing against its eight weeks before, "
    "so its change and this one may differ."
)


@dataclass(frozen=True)
class Moved(Overview):
    """A measure of a department, a service, a page or a search term, or of the whole estate, and what its change is split by."""

    AT: ClassVar[str] = "/review/why"
    FIELDS: ClassVar[Mapping[str, Field]] = {
        **{name: field for name, field in Overview.FIELDS.items() if name not in {"measure", "compare"}},
        **by_name(
            Field("measure", "Measure", one_of(*MEASURES)),
            Field("compare", "Compared with", one_of(*COMPARED)),
            service_state.ServiceState.FIELDS["service"],
            Field("page", "Page", text),
            Field("term", "Search term", text),
        ),
    }

    why: str = "channel"
    service: str = ""
    page: str = ""
    term: str = ""  # of searches alone

    def summary(self) -> dict[str, Any]:
        """The parameters that every question about it shares."""
        return super().summary() | {name: one for name in ("service", "page", "term") if (one := getattr(self, name))}

    def question(self, **changes: Any) -> dict[str, Any]:
        """The parameters of `drivers`."""
        return super().question(**{"measure": self.measure, "by": self.split, "limit": SHOWN, **changes})

    @property
    def whose(self) -> str:
        """Whose figures, in a sentence."""
        named = service_state.ServiceState(self.service).name if self.service else ""
        return self.page or self.term or named or self.department or "the whole estate"


def title(state: Moved) -> str:
    """What the page and its chart show."""
    return f"Why {METRICS[state.measure].title.lower()} of {state.whose} moved"


def subject(state: Moved) -> str:
    """What the chart is of, in the names of files."""
    return f"{state.measure} {state.page or state.term or state.service or state.department or 'whole estate'}".replace(
        "_", " "
    )


def heading(state: Moved, problems: Sequence[Problem]) -> Element:
    """What is wrong with the address, if anything, what the page shows, and its filters."""
    of = {
        name: getattr(state, name) for name in ("department", "service", "page", "term", "why") if getattr(state, name)
    }
    in_sight: list[Child] = [
        day_field("from", "First day", state.first), day_field("to", "Last day", state.last),
        choice("compare", "Compared with", state.compare, COMPARED),
        choice("measure", "Measure", state.measure, {name: METRICS[name].title for name in (["searches"] if state.term else MEASURES)}),
        [input_(type="hidden", name=name, value=value) for name, value in of.items()],
    ]  # fmt: skip
    return page_top.heading(title(state), LEAD, page_top.filters(state.AT, "Why it moved", in_sight), problems=problems)


def sentence(state: Moved, value: Mapping[str, Any]) -> str:
    """The change, and what contributed most to it."""
    return why.sentence(state, value, f"{COMPARED[state.compare][:1].lower()}{COMPARED[state.compare][1:]}")


def answered(state: Moved, answer: Answer, *, pictures: bool) -> Element:
    """Coverage, sentence, chart, the ways to split it with the table of the one that is chosen, files, and how it is counted."""
    value: Any = answer.value
    compared = answer.about.comparison
    said = why.sentence(state, value, formats.period(compared)) if compared else sentence(state, value)
    drawn = any(row["contribution"] is not None for row in value["contributions"])
    return div(
        leading(answer.about, said),
        graph("why-chart", picture.figure(state.measure, value), f"{title(state)}. {said}", picture.height(value)) if drawn else None,
        why.part(state, answer, said=False),
        files(lambda kind: state.address(f"/files/why.{kind}"), pictures=pictures),
        more("How this is counted", p(answer.about.definition)),
        class_="answer",
    )  # fmt: skip
