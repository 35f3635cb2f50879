"""What is made, as values: its kind, what its maker wishes it to be, and how it is kept."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel

from data.access import Audience, SeenBy

LONGEST_NAME: Final = 80  # characters
LONGEST_SLUG: Final = 60
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Kind(Generic[Model]):
    """A kind of thing that people make, and the model that its definition is checked by."""

    name: str
    model: type[Model]


@dataclass(frozen=True)
class Wish(Generic[Model]):
    """What somebody wants a thing to be."""

    name: str
    definition: Model
    seen_by: SeenBy = "me"


@dataclass(frozen=True)
class Made(Generic[Model]):
    """A thing that somebody made. `slug` names it in addresses; each change gives it the next revision, from 1."""

    id: str
    slug: str
    name: str
    definition: Model
    audience: Audience
    revision: int
    created: datetime
    changed: datetime
    deleted: datetime | None = None

    def content(self) -> dict[str, Any]:
        """What is stored encrypted; id and revision among it, so that no content can stand for another's."""
        return {
            "id": self.id, "revision": self.revision, "slug": self.slug, "name": self.name,
            "person": self.audience.person, "departments": sorted(self.audience.departments),
            "seen_by": self.audience.seen_by, "definition": self.definition.model_dump(mode="json", by_alias=True),
        }  # fmt: skip


def slug(name: str) -> str:
    """`eu-exit` of "EU exit": lower case, letters and digits of ASCII joined by dashes; "unnamed" where none is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].strip("-") or "unnamed"
