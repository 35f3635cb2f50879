"""The state database of one home: opened and brought up to date."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Engine, Table, delete

from data import audit
from data.settings import Settings
from data.state import engine, tables
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
    key: EstateKey
    record: Record

    @classmethod
    def open(cls, home: "Home") -> "State":
        """The state of a home: in its `state` folder, or where ESTATE_STATE_URL says. What was long deleted is removed."""
        url, folder = home.settings.state_url, home.folder / "state"
        opened = engine.connected(url.get_secret_value() if url else f"sqlite:///{folder / FILE}")
        state = cls(home.settings, opened, tables.made(home.key), home.key, audit.Log(home).append)
        with locked(folder / "migrating.lock"):
            engine.migrate(opened)
        state._forget()
        return state

    @classmethod
    def in_memory(cls, settings: Settings) -> "State":
        """A state without files, for an estate in memory; it has no secrets, and no audit log."""
        opened, key = engine.connected(engine.IN_MEMORY), EstateKey(bytes(KEY_BYTES))
        engine.migrate(opened)
        return cls(settings, opened, tables.made(key), key, _unrecorded)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def _forget(self) -> None:
        long_ago = self.settings.now() - KEPT_DELETED
        with self.engine.begin() as connection:
            connection.execute(delete(self.table).where(self.table.c.deleted < long_ago))


def _unrecorded(*_: Any, **__: Any) -> None:
    """What an estate in memory does with entries of its audit log."""
