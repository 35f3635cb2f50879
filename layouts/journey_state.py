"""What the Journeys page shows, as one value: read from its address, asked as `explore`, and written as an address again."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Final, Self

from data import errors
from data.contract import CHANNELS, DEVICES
from layouts import matchers, words
from layouts.address import (
    Field,
    Problem,
    day,
    department,
    joined,
    one_of,
    read_days,
    several,
    switch,
    switched,
    text,
    whole,
)
from layouts.state import ACCOUNT, DAYS, PUBLICATION, SESSIONS, State, by_name

MOST_STEPS, MOST_TOP, MOST_OPEN, MOST_ROWS, MOST_PATHS = 20, 8, 20, 200, 50
MATCHES: Final = (*matchers.KINDS, "any")
GROUPS: Final = ("page", "document_type", "service", "department", "section", "patterns")
VALUES: Final = ("device", "channel", "department")  # filters whose values can be compared, as `device:desktop`
SETS: Final = ("page", "via", "end", "exclude")  # fields that hold sets of pages as they are written
BESIDE: Final = {
    "page": ("match",), "patterns": ("group",), "compare": ("compare_first", "compare_last"),
}  # fmt: skip # what can't be used without each
OTHER, ENDED, BEGAN, HIDDEN, REACHED = "(other)", "(ended)", "(began)", "(hidden)", "(reached end)"
NAMED_PATTERN: Final = re.compile(r"([^/:(][^/:]*): *(\S.*)")
NOT_SHARED: Final = "(not shared)"


@dataclass(frozen=True)
class Open:
    """A node opened in place: a page, `(other)` or `(ended)` of a step."""

    step: int
    page: str


def _compared(value: str) -> str:
    """A comparison: of periods, or with another value of a filter."""
    kind, _, other = value.partition(":")
    readers = {"device": one_of(*DEVICES), "channel": one_of(*CHANNELS), "department": department}
    return f"{kind}:{readers[kind](other)}" if kind in readers else one_of(*words.COMPARISONS)(value)


def _opened(value: str) -> tuple[Open, ...]:
    parts = [node.partition(":") for node in several(text)(value)]
    if len(parts) > MOST_OPEN or not all(re.fullmatch(r"\d{1,2}", step, re.ASCII) and page for step, _, page in parts):
        raise ValueError(f"should be at most {MOST_OPEN} steps and pages, such as 1:/vehicle-tax")
    return tuple(Open(int(step), page) for step, _, page in parts)


def _written_open(nodes: Iterable[Open]) -> str:
    return joined(f"{node.step}:{node.page}" for node in nodes)


@dataclass(frozen=True)
class Journey(State):
    """Which sessions are followed, from which page, which way and how far, and what stands open."""

    AT: ClassVar[str] = "/journeys"
    FIELDS: ClassVar[Mapping[str, Field]] = by_name(
        Field("page", "Page", text),
        Field("match", "How the page is matched", one_of(*MATCHES)),
        Field("direction", "Direction", one_of("forward", "backward")),
        *SESSIONS,
        *DAYS,
        Field("department", "Department", several(department), joined),
        Field("topic", "Topic", several(text), joined),
        Field("occurrence", "Which view of the page", one_of("first", "last")),
        Field("steps", "Steps", whole(1, MOST_STEPS)),
        Field("top", "Pages shown a step", whole(1, MOST_TOP)),
        Field("group", "Group", one_of(*GROUPS)),
        Field("patterns", "Patterns to group by", several(text), joined),
        Field("via", "Through page", text),
        Field("end", "End page", text),
        Field("exclude", "Pages left out", several(text), joined),
        Field("reloads", "Reloads", switch, switched),
        Field("paths", "Whole journeys", whole(0, MOST_PATHS)),
        ACCOUNT,
        PUBLICATION,
        Field("compare", "Compared with", _compared),
        Field("compare-from", "First day to compare with", day, attribute="compare_first"),
        Field("compare-to", "Last day to compare with", day, attribute="compare_last"),
        Field("open", "Opened pages", _opened, _written_open),
        Field("rows", "Rows of an opened page", whole(1, MOST_ROWS)),
    )
    WORDS: ClassVar[dict[str, Mapping[str, str]]] = {
        "match": matchers.KINDS, "occurrence": words.OCCURRENCES, "group": words.GROUPS, "account": words.ACCOUNTS,
        "compare": words.COMPARISONS,
    }  # fmt: skip
    UNTAGGED: ClassVar[frozenset[str]] = frozenset(
        {"page", "direction", "steps", "top", "paths", "compare-from", "compare-to", "open", "rows"}
    )

    page: str = ""
    match: str = ""  # unset: found out from the page
    direction: str = "forward"
    device: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    department: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    occurrence: str = "first"
    steps: int = 4
    top: int = 5
    group: str = "page"
    patterns: tuple[str, ...] = ()  # that pages are grouped by
    via: str = ""
    end: str = ""
    exclude: tuple[str, ...] = ()
    reloads: bool = False  # reloads count as steps of their own
    paths: int = 0  # whole journeys listed under the table
    account: str = "joined"
    publication: bool = False
    compare: str = ""
    compare_first: date | None = None
    compare_last: date | None = None
    open: tuple[Open, ...] = ()
    rows: int = 10  # pages listed in an opened node

    @property
    def backward(self) -> bool:
        """Whether the journey is followed back from the page."""
        return self.direction == "backward"

    @property
    def matched(self) -> str:
        """How the page is matched: as asked, or as it reads."""
        if not self.page or self.match == "any":
            return "any"
        return matchers.kind_of(self.page, self.match)

    @property
    def gathered(self) -> dict[str, str | list[str]]:
        """The patterns that pages are grouped by under their names, such as `Tax` of `Tax: /tax/**`, or under themselves."""
        found: dict[str, list[str]] = {}
        for text_ in self.patterns:
            named = NAMED_PATTERN.fullmatch(text_)
            name, pattern = named.groups() if named else (text_, text_)
            found.setdefault(name, []).append(pattern)
        return {name: some if len(some) > 1 else some[0] for name, some in found.items()}

    def question(self, **changes: Any) -> dict[str, Any]:
        """The parameters of `explore` for this page; `changes` stand instead of them."""
        filters = {name: getattr(self, name) for name in ("device", "channel", "department", "topic")}
        optional = {
            "from": self.first, "to": self.last, "via": self.via and matchers.definition(self.via),
            "end": self.end and matchers.definition(self.end),
        }  # fmt: skip
        return {
            "anchor": self._anchor(), "direction": self.direction, "occurrence": self.occurrence, "steps": self.steps,
            "top": self.top, "group": self._group(), "exclude": [matchers.definition(one) for one in self.exclude], "paths": self.paths,
            "collapse_repeats": not self.reloads, "account": self.account, "publication": self.publication,
            "filters": {name: list(values) for name, values in filters.items() if values}, **self._comparison(),
            **{name: value for name, value in optional.items() if value},
        } | changes  # fmt: skip

    def toggled(self, step: int, page: str) -> "Journey":
        """The state with the node opened, or closed if it is open."""
        node = Open(step, page)
        kept = tuple(other for other in self.open if other != node)
        return replace(self, open=kept if node in self.open else (*kept, node)[-MOST_OPEN:])

    @classmethod
    def read(cls, pairs: Iterable[tuple[str, str]]) -> tuple[Self, tuple[Problem, ...]]:
        """The state that an address stands for, and a problem for each value in it that can't be used."""
        values, problems = read_days(cls.FIELDS, pairs)
        if not values.get("compare") and {"compare_first", "compare_last"} <= values.keys():
            values["compare"] = "days"
        found = (*problems, *_sets(values), *_together(values), *_beside(values))
        unusable = {name for problem in found for name in (problem.field, *problem.beside)}
        usable = [field.of_state for name, field in cls.FIELDS.items() if name not in unusable]
        return cls(**{name: values[name] for name in usable if name in values}), found

    def without(self, name: str, one: str | None = None) -> Self:
        """As of any state, with no node opened, and without what can't be used without the field."""
        left = replace(super().without(name, one), open=())
        compared = ("compare",) if self.compare.startswith(f"{name}:") else ()
        beside = () if left.value(name) else (*BESIDE.get(name, ()), *compared)
        return replace(left, **{other: getattr(self.default, other) for other in beside})

    def said(self, name: str, one: str | None = None) -> str:
        """As of any state; what is compared with by its value alone."""
        other = self.compare.partition(":")[2] if name == "compare" else ""
        return super().said(name, one or other or None)

    @property
    def plain(self) -> Self:
        """The journey from the same page in the same direction, and nothing else."""
        return type(self)(page=self.page, direction=self.direction)

    def _anchor(self) -> dict[str, Any]:
        return {"match": "any"} if self.matched == "any" else matchers.definition(self.page, self.match)

    def _comparison(self) -> dict[str, Any]:
        kind, _, value = self.compare.partition(":")
        if kind in VALUES:
            return {"against": {kind: [value]}}
        days = f"{self.compare_first}..{self.compare_last}"
        return {"compare": days if kind == "days" else kind} if kind else {}

    def _group(self) -> str | dict[str, Any]:
        return {"patterns": self.gathered} if self.group == "patterns" else self.group


def mended(journey: Journey, wrong: errors.BadRequest) -> tuple[Journey, Problem]:
    """The state without the value that a question found wrong, and the problem with it; the same state if none was its own."""
    field, detail = wrong.field or "", wrong.detail
    part = re.split(r"[.\[]", field)[0]
    name = {"anchor": "page", "group": "patterns"}.get(part, part)
    if name == "topic" and not journey.topic:
        name = next((one for one in SETS if "topic" in _kinds(journey, one)), name)
    if name not in Journey.FIELDS:
        return journey, Problem(field, detail)
    of_value = detail.startswith(field)  # such as "anchor should be ..."; else a sentence of its own
    label = Journey.FIELDS[name].label
    said = f"{label} {detail.removeprefix(field).strip()}" if of_value else f"{wrong.title}. {detail}"
    return journey.without(name), Problem(name, said, value=journey.value(name))


def _kinds(journey: Journey, name: str) -> list[str]:
    """How each text of a field of sets is read."""
    texts = getattr(journey, name)
    return [
        matchers.kind_of(one, journey.match if name == "page" else "")
        for one in ([texts] if isinstance(texts, str) else texts)
    ]


def _sets(values: dict[str, Any]) -> Iterator[Problem]:
    """What is wrong with each set of pages."""
    for name in SETS:
        kind = values.get("match", "") if name == "page" else ""
        texts = values.get(name, ())
        for one in (texts,) if isinstance(texts, str) else texts:
            try:
                matchers.definition(one, "" if kind == "any" else kind)
            except ValueError as wrong:
                field = Journey.FIELDS[name]
                yield Problem(name, f"{field.label} {wrong}", value=field.write(texts), beside=BESIDE.get(name, ()))


def _together(values: dict[str, Any]) -> Iterator[Problem]:
    """What is wrong with values beside each other."""
    if values.get("match", "any") != "any" and not values.get("page"):
        yield Problem("page", "Page is needed to match one", beside=("match",))
    if values.get("group") == "patterns" and not values.get("patterns"):
        yield Problem("patterns", "Patterns to group by should have at least one, such as /vat/*", beside=("group",))


def _beside(values: dict[str, Any]) -> Iterator[Problem]:
    """What is wrong with a comparison."""
    compare, first, last = values.get("compare", ""), values.get("compare_first"), values.get("compare_last")
    kind, _, other = compare.partition(":")
    if compare == "days" and not (first and last):
        yield Problem(
            "compare-from",
            "First and last day to compare with are needed for other days",
            beside=("compare", "compare-to"),
        )
    if first and last and last < first:
        yield Problem(
            "compare-to",
            f"Last day to compare with should not be before the first, {first}",
            beside=("compare", "compare-from"),
        )
    if kind in VALUES and (not values.get(kind) or other in values[kind]):
        said = f"{Journey.FIELDS[kind].label} should be another than {other}, to be compared with it"
        yield Problem(kind, said, beside=("compare",))
