"""The page of one topic: its days, its pages and departments, what changed and why, and what can be done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

from data import access
from data.access import Viewer
from layouts import estate, formats, forms, overview, page_top, why
from layouts.address import Field as Value
from layouts.address import Problem, joined, one_of, written
from layouts.components import choice, day_field, error_summary, figures, files, graph, leading, link, more
from layouts.figures import trend as picture
from layouts.headlines import written as said_of
from layouts.journey_columns import special
from layouts.journey_state import Journey
from layouts.journeys_compared import REST
from layouts.markup import Child, Element, div, h1, h2, p, section
from layouts.overview import Overview
from layouts.state import COMPARISONS
from layouts.topic_form import WORDS
from queries.answers import Answer
from queries.metrics import METRICS
from queries.page_sets.topics import LINES, Topic

MEASURES: Final = ("page_views", "sessions", "landings", "exits", "searches", "exit_rate", "single_page_rate")
PAGES: Final = 50
HEAD: Final = ("Page", "Department", "Sessions", "Page views", "Landings", "Exits", "Exit rate")
NUMBERS: Final = frozenset(range(2, 7))
SHOWN: Final = why.SHOWN
WAYS: Final = {  # the title of each table, and of the way to the whole of it
    "backward": ("Seen before its first page", "How people reach it, step by step"),
    "forward": ("Seen after its last page", "Where people go after it, step by step"),
}


@dataclass(frozen=True)
class Topical(Overview):
    """The figures of a topic's pages; `name` is what the topic is called, and stands in no address."""

    FIELDS: ClassVar[Mapping[str, Value]] = {
        "topic": Overview.FIELDS["topic"],
        "measure": Value("measure", "Measure", one_of(*MEASURES)),
        **{name: Overview.FIELDS[name] for name in ("from", "to", "compare", "device", "channel", "account", "why")},
    }

    measure: str = "page_views"
    name: str = ""

    @property
    def slug(self) -> str:
        """The topic in the address."""
        return joined(self.topic)

    def address(self, path: str = "", **changes: Any) -> str:
        """The address of this state, with `changes`."""
        state = replace(self, **changes)
        fields = [field for name, field in self.FIELDS.items() if path or name != "topic"]
        return written(path or f"/topics/{self.slug}", fields, state, self.default)

    @property
    def whose(self) -> str:
        """Whose figures, in a sentence."""
        return f"the topic {self.name or self.slug}"


def heading(state: Topical, topic: Topic, viewer: Viewer, problems: Sequence[Problem] = ()) -> Child:
    """The topic's name, what it is about and whose it is, what can be done with it, and the filters of its figures."""
    in_sight = [
        day_field("from", "First day", state.value("from")), day_field("to", "Last day", state.value("to")),
        choice("compare", "Compared with", state.compare, COMPARISONS),
        choice("measure", "Measure", state.measure, {name: METRICS[name].title for name in MEASURES}),
    ]  # fmt: skip
    return [
        error_summary(problems),
        h1(topic.name, class_="govuk-heading-l heading__title"),
        p(topic.definition.about, class_="govuk-body heading__lead") if topic.definition.about else None,
        p(owner(topic), class_="govuk-body-s"),
        _actions(topic, viewer),
        _lines(topic, viewer),
        page_top.filters(f"/topics/{topic.slug}", "Topic", in_sight),
    ]  # fmt: skip


def owner(topic: Topic) -> str:
    """Whose topic it is, in a sentence."""
    if topic.made is None:
        return "One of the topics that everybody finds here. To change it, make a copy."
    audience = topic.made.audience
    whose = f"{audience.person.replace('-', ' ')}, {forms.SHARED[audience.seen_by]}"
    return f"Made by {whose}, last changed on {formats.day(topic.made.changed.date())}."


def _actions(topic: Topic, viewer: Viewer) -> Element:
    may_change = topic.made is not None and bool(access.may_change_made(viewer, topic.made.audience))
    explore = Journey(page=f"topic: {topic.slug}").address()
    return div(
        link("Journeys from its pages", explore, class_="govuk-button govuk-button--secondary", role="button"),
        link("Change it", f"/topics/{topic.slug}/edit", class_="govuk-button govuk-button--secondary", role="button") if may_change else None,
        link("Copy it", f"/topics/new?copy={topic.slug}", class_="govuk-button govuk-button--secondary", role="button"),
        forms.pressed("Delete it", f"/topics/{topic.slug}/delete", topic.made.revision, kind="warning") if may_change and topic.made else None,
        class_="govuk-button-group",
    )  # fmt: skip


def _lines(topic: Topic, viewer: Viewer) -> Element:
    shown = topic.shown_to(viewer)
    told = {name: getattr(shown, name) for name in LINES} if shown else {}
    hidden = len(topic.definition.pages) - len(told.get("pages", ()))
    rows = [p(f"{WORDS[name]}: {', '.join(values)}", class_="govuk-body-s") for name, values in told.items() if values]
    covered_up = p(f"{formats.counted(hidden, 'line')} of services that you are not named for.", class_="govuk-body-s")
    return more("What belongs to it", rows, covered_up if hidden else None)


@dataclass(frozen=True)
class Found:
    """What the page is made of; `drivers` where it is asked why the measure moved."""

    trend: Answer
    pages: Answer
    departments: Answer
    journeys: Mapping[str, Answer]  # by `WAYS`
    drivers: Answer | None = None


def answered(state: Topical, found: Found, *, pictures: bool) -> Element:
    """Coverage, sentence, chart with its table and files, why it moved, departments and pages, and how it is counted."""
    value: Any = found.trend.value
    said = estate.sentence(state, value)
    chart = f"{overview.title(state)}. {said}"
    top = leading(found.trend.about, said)
    if found.trend.about.empty:
        return div(top, page_top.elsewhere(state), class_="answer")
    return div(
        top,
        h2(overview.title(state), class_="govuk-heading-m"),
        graph("topic-trend", picture.figure(state.measure, value), chart, picture.HEIGHT),
        estate.events(value),
        more("The same numbers as a table", estate.days(state, value["rows"], linked=False)),
        files(lambda kind: state.address(f"/files/topic.{kind}"), pictures=pictures),
        why.part(state, found.drivers),
        _departments(state, found.departments),
        _journeys(state, found.journeys),
        _pages(found.pages),
        more("How this is counted", *[p(one) for one in (found.trend.about.definition, found.departments.about.definition)]),
        class_="answer",
    )  # fmt: skip


def _departments(state: Topical, answer: Answer) -> Element:
    """The measure of each department's pages in the topic."""
    value: Any = answer.value
    title = METRICS[state.measure].title
    rows: list[list[Child]] = [
        [row["name"], said_of(state.measure, row["value"]), said_of(state.measure, row["value_comparison"])]
        for row in value["contributions"]
    ]
    return section(
        figures("Departments whose pages are in it", ("Department", title, "Before"), rows, numbers=frozenset({1, 2}))
    )


def ways(state: Topical) -> dict[str, Journey]:
    """The journeys that show where people come from and go to, by `WAYS`: up to its first page, and on from its last."""
    of_topic = state.journeys(page=f"topic: {state.slug}", topic=(), steps=1)
    return {
        "backward": replace(of_topic, direction="backward"),
        "forward": replace(of_topic, occurrence="last"),
    }


def _journeys(state: Topical, answers: Mapping[str, Answer]) -> Element:
    """One step before its first page and one after its last, each adding up to the sessions that saw the topic."""
    tables = [_way(journey, answers[way], *WAYS[way]) for way, journey in ways(state).items()]
    return section(h2("Journeys through it", class_="govuk-heading-m"), div(tables, class_="beside"))


def _way(journey: Journey, answer: Answer, title: str, whole: str) -> Element:
    value: Any = answer.value
    step = value["steps"][1]
    named = [(row["page"], row["sessions"]) for row in step["nodes"]]
    rest = [(page, step[name]) for page, name in REST.items() if step[name]]
    rows: list[list[Child]] = [
        [
            special(journey, page) or formats.named(page),
            formats.whole(sessions),
            formats.rate(sessions, value["sessions"]),
        ]
        for page, sessions in (*named, *rest)
    ]
    onward = link(whole, replace(journey, steps=Journey.steps).address())
    return div(
        figures(title, ("Page", "Sessions", "Share"), rows, numbers=frozenset({1, 2})), p(onward, class_="govuk-body")
    )


def _pages(answer: Answer) -> Element:
    value: Any = answer.value
    rows: list[list[Child]] = [_page(row) for row in value["pages"]]
    title = f"Its pages, the most seen first: {formats.counted(value['total'], 'page')}"
    left = value["total"] - len(rows)
    rest = p(f"{formats.counted(left, 'more page')} over the API.", class_="govuk-body-s") if left > 0 else None
    return section(figures(title, HEAD, rows, numbers=NUMBERS), rest)


def _page(row: Mapping[str, Any]) -> list[Child]:
    journeys = Journey(page=row["page"]).address()
    name = formats.named(row["page"])
    counts = [formats.whole(row[name]) for name in ("sessions", "page_views", "landings", "exits")]
    return [
        name if row["page"].startswith("(") else link(name, journeys),
        row["department"] or "",
        *counts,
        said_of("exit_rate", row["exit_rate"]),
    ]


def subject(state: Topical) -> str:
    """What the chart is of, in the names of files."""
    return f"{state.measure} topic {state.slug}".replace("_", " ")
