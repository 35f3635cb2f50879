"""The tables of the state database; `migrations/` makes them, and a test compares both."""

from sqlalchemy import Column, Date, Integer, MetaData, String, Table, UniqueConstraint

from data.state.sealed import Moment, Sealed
from data.store.keys import EstateKey


def made(key: EstateKey, together: MetaData) -> Table:
    """One row per thing that somebody made. `place` is a keyed hash of its name in addresses, one of its kind."""
    return Table(
        "made", together,
        Column("id", String(32), primary_key=True),
        Column("kind", String(32), nullable=False),
        Column("place", String(64), nullable=False),
        Column("revision", Integer, nullable=False),
        Column("created", Moment, nullable=False),
        Column("changed", Moment, nullable=False),
        Column("deleted", Moment),
        Column("content", Sealed(key), nullable=False),
        UniqueConstraint("kind", "place", name="one_place_each"),
    )  # fmt: skip


def sums(key: EstateKey, together: MetaData) -> Table:
    """One row per day of something that is summed up. `place` is a keyed hash of what that is."""
    return Table(
        "sums", together,
        Column("place", String(64), primary_key=True),
        Column("day", Date, primary_key=True),
        Column("content", Sealed(key), nullable=False),
    )  # fmt: skip
