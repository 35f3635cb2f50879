"""The state database of one home: opened and brought up to date."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Engine, MetaData, Table, delete

from data import audit
from data.settings import Settings
from data.state import engine, tables
from data.state.sums import Sums
from data.store import plan
from data.store.files import locked
from data.store.keys import KEY_BYTES, EstateKey

if TYPE_CHECKING:
    from data.store.home import Home

FILE: Final = "made.db"
KEPT_DELETED: Final = timedelta(days=30)  # that something deleted can be brought back
Record = Callable[..., None]  # adds an entry to the audit log


@dataclass(frozen=True)
class State:
    """What people made. Safe to use from any thread; any number of processes may have it open."""

    settings: Settings
    engine: Engine
    table: Table
    sums: Sums
    key: EstateKey
    record: Record

    @classmethod
    def open(cls, home: "Home") -> "State":
        """The state of a home: in its `state` folder, or where ESTATE_STATE_URL says. What is past its time is removed."""
        url, folder = home.settings.state_url, home.folder / "state"
        opened = engine.connected(url.get_secret_value() if url else f"sqlite:///{folder / FILE}")
        state = cls._of(home.settings, opened, home.key, audit.Log(home).append)
        with locked(folder / "migrating.lock"):
            engine.migrate(opened)
        state.forget()
        return state

    @classmethod
    def in_memory(cls, settings: Settings) -> "State":
        """A state without files, for an estate in memory; it has no secrets, and no audit log."""
        opened, key = engine.connected(engine.IN_MEMORY), EstateKey(bytes(KEY_BYTES))
        engine.migrate(opened)
        return cls._of(settings, opened, key, _unrecorded)

    @classmethod
    def _of(cls, settings: Settings, opened: Engine, key: EstateKey, record: Record) -> "State":
        together = MetaData()
        sums = Sums(opened, tables.sums(key, together), key)
        return cls(settings, opened, tables.made(key, together), sums, key, record)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def forget(self) -> None:
        """Remove what is past its time: what was deleted long ago, and sums of days that are too old."""
        long_ago = self.settings.now() - KEPT_DELETED
        with self.engine.begin() as connection:
            connection.execute(delete(self.table).where(self.table.c.deleted < long_ago))
        self.sums.forget(plan.first_total_day(self.settings))


def _unrecorded(*_: Any, **__: Any) -> None:
    """What an estate in memory does with entries of its audit log."""
