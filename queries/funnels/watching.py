"""Alert rules on saved funnels: what somebody wants to be told of, and the funnels that the rules are about."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from data.access import Viewer
from data.state import Kind, Shelf
from data.store import Estate
from queries.funnels import saved_funnels
from queries.funnels.saved_funnels import SavedFunnel
from queries.parameters import Words

RESERVED: Final = frozenset({"new"})  # an address of the form
MOST: Final = 100  # alerts that are looked at for one viewer; each takes some 20 ms of CPU at 3 million page views


class Rule(BaseModel):
    """A step of a saved funnel, 0 for the whole, and when its drop-off rate is worth telling."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    funnel: Words
    step: Annotated[int, Field(ge=0, le=50)] = 0
    rule: Literal["band", "over"] = "band"
    limit: Annotated[float, Field(gt=0, lt=1)] | None = None  # a share; of the last seven days

    @model_validator(mode="after")
    def _limited(self) -> "Rule":
        if (self.rule == "over") != (self.limit is not None):
            raise ValueError("limit should be between 0 and 100%")
        return self


ALERT: Final = Kind("alert", Rule)


@dataclass(frozen=True)
class Watch:
    """An alert rule with the funnel that it is about, as it is now."""

    name: str
    slug: str
    rule: Rule
    funnel_name: str
    funnel: SavedFunnel

    def question(self) -> dict[str, Any]:
        """The parameters of `funnel_trend`."""
        return self.funnel.question()


def shelf(estate: Estate) -> Shelf[Rule]:
    """Where alert rules are kept."""
    return Shelf(estate.made, ALERT, RESERVED)


def visible(estate: Estate, viewer: Viewer) -> tuple[Watch, ...]:
    """The alerts that the viewer may see, on funnels that are there and name no page that the viewer may not see."""
    if not estate.keeps_made:
        return ()
    shelf_of = saved_funnels.shelf(estate)
    funnels = {made.slug: made for made in shelf_of.visible(viewer) if saved_funnels.may_read(viewer, made)}
    found = [
        Watch(
            made.name,
            made.slug,
            made.definition,
            funnels[made.definition.funnel].name,
            funnels[made.definition.funnel].definition,
        )
        for made in shelf(estate).visible(viewer)
        if made.definition.funnel in funnels
    ]
    return tuple(found)


def content(watches: Iterable[Watch]) -> str:
    """What tells these alerts from any others, for a cache key; "" for none."""
    told = "\n".join(
        f"{one.name}\0{one.rule.model_dump_json()}\0{one.funnel_name}\0{one.funnel.model_dump_json()}"
        for one in watches
    )
    return told and hashlib.sha256(told.encode()).hexdigest()
