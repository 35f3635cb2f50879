"""Journeys from an anchor, step by step: what came next, or before, how many stopped, and how."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from queries import journey_columns
from queries.asking import Asking, Frames, Value
from queries.definitions import Checked, Definition, Written
from queries.disclosure import rows
from queries.grouping import By
from queries.indexed import STEPS as KNOWN_STEPS
from queries.journey_columns import fitted
from queries.parameters import MOST_ROWS, MOST_VALUES, Common, Switch, Whole
from queries.publishing_journeys import published
from queries.unfolding import unfold

DEFINITION: Final = (
    "A journey is the steps of one session from the anchor on: its immediate repeats count as one step, and a session takes"
    " part once. Ended means that nothing more was seen, not that GOV.UK was left."
)
MOST_STEPS: Final = 20

_GROUPS: Final = ("page", "section", "document_type", "service", "department")


class Group(BaseModel):
    """What pages count as."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    by: By = "page"
    patterns: Checked = ()


def _grouped(value: object) -> object:
    if value in _GROUPS if isinstance(value, str) else False:
        return {"by": value}
    if isinstance(value, Mapping) and set(value) == {"patterns"} and value["patterns"]:
        return {"by": "patterns", "patterns": value["patterns"]}
    raise ValueError(f'should be one of {", ".join(_GROUPS)}, or an object such as {{"patterns": ["/vehicle-tax/**"]}}')


def _top(value: object) -> object:
    return None if value == "all" else value


def _left_out(value: object) -> object:
    """Definitions, or pages and patterns as text, with commas between several; each once."""
    values = value.split(",") if isinstance(value, str) else value
    if not isinstance(values, list | tuple) or not all(isinstance(one, str | Mapping) for one in values):
        raise ValueError(
            "should be text, with commas between several values, or a list of pages, patterns and definitions"
        )
    if len(values) > MOST_VALUES:
        raise ValueError(f"should have at most {MOST_VALUES} values")
    if not all(values):
        raise ValueError("should have no empty value")
    return tuple({repr(one): one for one in values}.values())


class Parameters(Common):
    """An anchor, and how the journeys from it are walked and shown. `top` none means all."""

    anchor: Written
    occurrence: Literal["first", "last"] = "first"
    direction: Literal["forward", "backward"] = "forward"
    steps: Annotated[Whole, Field(ge=1, le=MOST_STEPS)] = 5
    top: Annotated[Annotated[Whole, Field(ge=1, le=MOST_ROWS)] | None, BeforeValidator(_top)] = 5
    via: Written | None = None
    end: Written | None = None
    exclude: Annotated[tuple[Written, ...], BeforeValidator(_left_out)] = ()
    group: Annotated[Group, BeforeValidator(_grouped)] = Group()
    collapse_repeats: Switch = True
    paths: Annotated[Whole, Field(ge=0, le=MOST_ROWS)] = 0

    @field_validator("via", "end", "exclude")
    @classmethod
    def _a_set(cls, given: Definition | tuple[Definition, ...] | None) -> Definition | tuple[Definition, ...] | None:
        definitions = given if isinstance(given, tuple) else (given,)
        if any(one.match in {"any", "sequence"} for one in definitions if one):
            raise ValueError("should be a set of pages: any and sequence are for the anchor")
        return given

    @property
    def index_knows(self) -> bool:
        """Whether the steps that the index by page knows of journeys from a set of pages tell most of them."""
        whole = self.paths or self.group.by != "page" or not self.collapse_repeats
        return not whole and self.steps <= KNOWN_STEPS


PARAMETERS: Final = Parameters
COLUMNS: Final = journey_columns.NODES
MORE_COLUMNS: Final = journey_columns.MORE
SPECIAL: Final = {"(other)": "other", "(ended)": "ended", "(reached end)": "reached_end", "(hidden)": "hidden"}


def answer(asking: Asking[Parameters]) -> Frames:
    """The nodes of each step, with one row each for what is not shown by name; links, endings and paths beside them."""
    if asking.parameters.publication:
        return published(asking)
    found = unfold(asking)
    return fitted(found.pop("nodes"), found)


def present(frames: Frames, asking: Asking[Parameters]) -> Value:
    """The answer as the API gives it."""
    nodes, how, hidden = (
        rows(frame) for frame in (frames.main, frames.others["ended_how"], frames.others["hidden_departments"])
    )
    steps = [
        {
            "step": k,
            "nodes": [
                _without(row, "step", "department", "journeys")
                for row in nodes
                if row["step"] == k and row["page"] not in SPECIAL
            ],
            **{
                name: sum(row["sessions"] for row in nodes if row["step"] == k and row["page"] == page)
                for page, name in SPECIAL.items()
            },
            "ended_how": {row["how"]: row["sessions"] for row in how if row["step"] == k},
            "hidden_departments": {row["page"]: row["sessions"] for row in hidden if row["step"] == k},
        }
        for k in range(asking.parameters.steps + 1)
    ]
    sessions = sum(row["sessions"] for row in nodes if row["step"] == 0)
    links = rows(frames.others["links"].drop("department"))
    value: dict[str, Any] = {"sessions": sessions, "steps": steps, "links": links}
    if asking.parameters.paths:
        paths = rows(frames.others["paths"].drop("department", "journeys"))
        value |= {"paths": paths, "paths_other": sessions - sum(path["sessions"] for path in paths)}
    return value


def _without(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}
