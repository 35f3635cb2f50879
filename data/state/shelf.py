"""All things of one kind: who may see, make, change and delete them is asked here, and nowhere else."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, Generic

from sqlalchemy import ColumnElement, Connection, and_, insert, select, update
from sqlalchemy.exc import IntegrityError

from data import access, errors
from data.access import Audience, Viewer
from data.state.records import LONGEST_NAME, Kind, Made, Model, Wish, slug
from data.state.state import State

ID_BYTES: Final = 16
MOST_OF_A_NAME: Final = 1_000  # things whose names read alike in an address


@dataclass(frozen=True)
class Shelf(Generic[Model]):
    """The things of one kind. `reserved` are slugs that belong to what nobody made here."""

    state: State
    kind: Kind[Model]
    reserved: frozenset[str] = frozenset()

    def visible(self, viewer: Viewer) -> list[Made[Model]]:
        """What the viewer may see, by name; nothing that was deleted."""
        with self.state.engine.connect() as connection:
            found = [made for made in self._read(connection) if not made.deleted]
        seen = [made for made in found if access.may_see_made(viewer, made.audience)]
        return sorted(seen, key=lambda made: (made.name.casefold(), made.slug))

    def find(self, viewer: Viewer, name: str) -> Made[Model]:
        """The thing of this slug. Raises `NotFound` for none, and for one that the viewer may not see or that is deleted."""
        with self.state.engine.connect() as connection:
            return self._found(connection, viewer, name)

    def deleted(self, viewer: Viewer) -> list[Made[Model]]:
        """What was deleted and the viewer may bring back, the latest first."""
        with self.state.engine.connect() as connection:
            found = [(made.deleted, made) for made in self._read(connection) if made.deleted]
        latest = sorted(found, key=lambda one: (one[0], one[1].slug), reverse=True)
        return [made for _, made in latest if access.may_change_made(viewer, made.audience)]

    def make(self, viewer: Viewer, wish: Wish[Model]) -> Made[Model]:
        """Keep something new. Raises `Forbidden` for who may make nothing, `BadRequest` for a name that can't be used."""
        access.may_make(viewer).require("You can't make this")
        now, audience = self.state.settings.now(), Audience(viewer.person, viewer.departments, wish.seen_by)
        fresh = Made(
            secrets.token_hex(ID_BYTES), "", _checked(wish.name), wish.definition, audience, revision=1, created=now,
            changed=now,
        )  # fmt: skip
        for one in self._slugs(fresh.name):
            try:
                return self._inserted(viewer, replace(fresh, slug=one))
            except IntegrityError:  # taken, also by something that was deleted and may come back
                continue
        raise errors.BadRequest("Too many bear this name", "Choose another name", "name")

    def change(self, viewer: Viewer, before: Made[Model], wish: Wish[Model]) -> Made[Model]:
        """Keep another revision under the same address. Raises `Conflict` where `before` isn't the newest."""
        audience = replace(before.audience, seen_by=wish.seen_by)
        after = replace(before, name=_checked(wish.name), definition=wish.definition, audience=audience)
        return self._moved_on(viewer, "changed", before, after)

    def delete(self, viewer: Viewer, before: Made[Model]) -> Made[Model]:
        """Take it out of sight; `restore` brings it back. Raises `Conflict` where `before` isn't the newest."""
        return self._moved_on(viewer, "deleted", before, replace(before, deleted=self.state.settings.now()))

    def restore(self, viewer: Viewer, name: str) -> Made[Model]:
        """Bring back what was deleted. Raises `NotFound` for what isn't there any more."""
        with self.state.engine.connect() as connection:
            before = self._found(connection, viewer, name, deleted=True)
        return self._moved_on(viewer, "restored", before, replace(before, deleted=None))

    def _moved_on(self, viewer: Viewer, what: str, before: Made[Model], after: Made[Model]) -> Made[Model]:
        access.may_change_made(viewer, before.audience).require("You can't change this")
        after = replace(after, revision=before.revision + 1, changed=self.state.settings.now())
        table = self.state.table
        newest = and_(table.c.id == before.id, table.c.revision == before.revision)
        columns = {name: getattr(after, name) for name in ("revision", "changed", "deleted")}
        with self.state.engine.begin() as connection:
            done = connection.execute(update(table).where(newest).values(**columns, content=after.content()))
            if done.rowcount != 1:
                raise errors.Conflict("Somebody else changed this", "Open it again, then make your change anew")
            self._record(viewer, what, after)
        return after

    def _inserted(self, viewer: Viewer, made: Made[Model]) -> Made[Model]:
        columns = {name: getattr(made, name) for name in ("id", "revision", "created", "changed", "deleted")}
        row = {**columns, "kind": self.kind.name, "place": self._place(made.slug), "content": made.content()}
        with self.state.engine.begin() as connection:
            connection.execute(insert(self.state.table).values(**row))
            self._record(viewer, "made", made)
        return made

    def _record(self, viewer: Viewer, what: str, made: Made[Model]) -> None:
        """Nothing is done that isn't in the audit log: without its entry the transaction fails."""
        self.state.record(what, person=viewer.person, thing=self.kind.name, id=made.id, revision=made.revision)

    def _found(self, connection: Connection, viewer: Viewer, name: str, *, deleted: bool = False) -> Made[Model]:
        found = self._read(connection, self.state.table.c.place == self._place(name))
        seen = (one for one in found if access.may_see_made(viewer, one.audience) and bool(one.deleted) == deleted)
        if made := next(seen, None):
            return made
        raise errors.NotFound(
            f"There is no such {self.kind.name}", "It may have been deleted, or isn't shared with you"
        )

    def _read(self, connection: Connection, *which: ColumnElement[bool]) -> Iterator[Made[Model]]:
        table = self.state.table
        rows = connection.execute(select(table).where(table.c.kind == self.kind.name, *which))
        return (self._of(row._mapping) for row in rows.all())  # noqa: SLF001 - its public name, in spite of the dash

    def _of(self, row: Any) -> Made[Model]:
        told = row["content"]
        if (told["id"], told["revision"], self._place(told["slug"])) != (row["id"], row["revision"], row["place"]):
            raise errors.Untrusted("The state database was changed", "Restore a backup of the home")
        return Made(
            row["id"], told["slug"], told["name"], self.kind.model.model_validate(told["definition"]),
            Audience(told["person"], frozenset(told["departments"]), told["seen_by"]),
            row["revision"], row["created"], row["changed"], row["deleted"],
        )  # fmt: skip

    def _slugs(self, name: str) -> Iterator[str]:
        numbered = (slug(name) if n == 1 else f"{slug(name)}-{n}" for n in range(1, MOST_OF_A_NAME))
        return (one for one in numbered if one not in self.reserved)

    def _place(self, name: str) -> str:
        return self.state.key.name(f"{self.kind.name} by slug", name)


def _checked(name: str) -> str:
    """The name without blanks around it. Raises `BadRequest` for none, a long one, or one with control characters."""
    told = " ".join(name.split())
    if not told or len(told) > LONGEST_NAME or not told.isprintable():
        raise errors.BadRequest("The name can't be used", f"Type a name of at most {LONGEST_NAME} characters", "name")
    return told
