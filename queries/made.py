"""What people made that a question needs: the topics it names, notes for its charts, alert rules with their funnels."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from data import errors
from data.access import Viewer
from data.store import Estate
from queries import parameters
from queries.funnels import watching
from queries.funnels.funnel_definition import Parameters as Funnel
from queries.funnels.watching import Watch
from queries.page_sets import topics
from queries.page_sets.topics import Topic
from queries.parameters import Common
from queries.trends import noted
from queries.trends.noted import Noted

NO_DRAFTS: Final[Mapping[str, Topic]] = {}


@dataclass(frozen=True)
class MadeFor:
    """What one question is given, as it is at this moment and as the viewer may see it."""

    topics: Mapping[str, Topic]
    notes: tuple[Noted, ...] = ()
    watches: tuple[Watch, ...] = ()

    @property
    def content(self) -> tuple[str, ...]:
        """What tells it from anything else, for a cache key."""
        return topics.content(self.topics), noted.content(self.notes), watching.content(self.watches)


def made_for(
    question: Any, estate: Estate, viewer: Viewer, *, wanted: Common, drafts: Mapping[str, Topic] = NO_DRAFTS
) -> MadeFor:
    """Raises `BadRequest` for a topic that isn't there. A question says what it needs: `ANNOTATED` notes, `WATCHED` rules."""
    catalogue = topics.Catalogue(estate, viewer)
    notes = noted.visible(estate, viewer) if getattr(question, "ANNOTATED", False) else ()
    watches = watching.visible(estate, viewer) if getattr(question, "WATCHED", False) else ()
    named, watched = dict(catalogue.asked(wanted, drafts)), []
    for watch in watches:
        with suppress(
            errors.BadRequest
        ):  # of a topic that the viewer doesn't find: the rule says nothing to this viewer
            named |= catalogue.asked(parameters.read(Funnel, watch.question()), drafts)
            watched.append(watch)
    return MadeFor(named, notes, tuple(watched))
