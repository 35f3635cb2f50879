"""Funnels that people keep: what of a funnel is theirs, without the days and the filters that it is looked at with."""

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from data import errors
from data.access import Viewer
from data.state import Kind, Made, Shelf
from data.store import Estate
from queries import parameters
from queries.funnels import funnel_text
from queries.funnels.funnel_definition import MOST_EXCLUSIONS, Parameters
from queries.page_sets.topics import Catalogue, names_only_open_pages
from queries.parameters import Pattern

LONGEST_STEPS: Final = 20_000  # characters of all steps together
LONGEST_WINDOW: Final = 999_999  # seconds
RESERVED: Final = frozenset({"new", "try"})  # addresses of the form


class SavedFunnel(BaseModel):
    """Steps as `funnel_text` writes them, and what an attempt must obey. A `window` of 0 seconds is none."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    steps: Annotated[str, Field(min_length=1, max_length=LONGEST_STEPS)]
    mode: Literal["ordered", "open"] = "ordered"
    window: Annotated[int, Field(ge=0, le=LONGEST_WINDOW)] = 0
    exclude: Annotated[tuple[Pattern, ...], Field(max_length=MOST_EXCLUSIONS)] = ()

    @field_validator("steps")
    @classmethod
    def _written(cls, steps: str) -> str:
        return funnel_text.write(funnel_text.read(steps))

    def question(self) -> dict[str, Any]:
        """The parameters of `funnel`."""
        exclusions = [{"match": "pattern" if "*" in page else "exact", "value": page} for page in self.exclude]
        window = {"window_seconds": self.window} if self.window else {}
        return {"steps": funnel_text.read(self.steps), "mode": self.mode, "exclusions": exclusions, **window}

    def shown_to(self, viewer: Viewer) -> bool:
        """Whether every page that its text names is one that the viewer may see."""
        return all(
            names_only_open_pages(viewer, line) for step in funnel_text.read(self.steps) for line in _lines(step)
        ) and all(names_only_open_pages(viewer, line) for line in self.exclude)


FUNNEL: Final = Kind("funnel", SavedFunnel)


def shelf(estate: Estate) -> Shelf[SavedFunnel]:
    """Where saved funnels are kept."""
    return Shelf(estate.made, FUNNEL, RESERVED)


def readable(estate: Estate, viewer: Viewer) -> list[Made[SavedFunnel]]:
    """Those that are shared with the viewer and that `may_read` lets be shown, in their order."""
    return [made for made in shelf(estate).visible(viewer) if may_read(viewer, made)]


def may_read(viewer: Viewer, made: Made[SavedFunnel]) -> bool:
    """Whether a funnel that is shared with the viewer is shown: its maker's own, or one that names no page out of sight."""
    return made.audience.person == viewer.person or made.definition.shown_to(viewer)


def _lines(step: dict[str, Any]) -> list[str]:
    """The addresses and patterns of a step; its topics, services and departments name no page."""
    named = ("exact", "pattern", "regex")
    matchers = step.get("any") or [step]
    values = [(one["match"], one["value"]) for one in matchers if one["match"] in named]
    return [line for _, value in values for line in ([value] if isinstance(value, str) else value)]


def checked(steps: str, **others: Any) -> SavedFunnel:
    """A funnel that can be asked. Raises `BadRequest`, naming the step or the field."""
    try:
        found = SavedFunnel(steps=steps, **others)
    except ValueError as wrong:
        raise errors.BadRequest(
            "The steps can't be used", "Give at least two steps, each with a page", "steps"
        ) from wrong
    parameters.read(Parameters, found.question())
    return found


def require_topics(estate: Estate, viewer: Viewer, funnel: SavedFunnel) -> None:
    """Raise `BadRequest` where it names a topic that the viewer doesn't find."""
    Catalogue(estate, viewer).asked(parameters.read(Parameters, funnel.question()), {})
