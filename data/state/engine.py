"""The database that a URL names, ready for use: SQLite's switches set, its tables brought up to date."""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import QueuePool

from data import errors

MIGRATIONS: Final = Path(__file__).parent / "migrations"
IN_MEMORY: Final = "sqlite://"
ONE: Final[dict[str, Any]] = {  # a database in memory lives with its connection, which threads use one after the other
    "poolclass": QueuePool, "pool_size": 1, "max_overflow": 0, "connect_args": {"check_same_thread": False},
}  # fmt: skip
SWITCHES: Final = (
    "pragma journal_mode = wal",  # readers and one writer don't wait for each other
    "pragma foreign_keys = on",
    "pragma busy_timeout = 5000",  # milliseconds that a second writer waits
    "pragma secure_delete = on",  # what is removed is overwritten
)


def connected(url: str) -> Engine:
    """An engine on the database of this URL. Raises `EstateError` where its driver isn't installed or it can't be read."""
    try:
        engine = create_engine(url, hide_parameters=True, **(ONE if url == IN_MEMORY else {}))
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        detail = "ESTATE_STATE_URL must be a URL of SQLAlchemy whose driver is installed, such as postgresql+psycopg://"
        raise errors.EstateError("The state database can't be opened", detail) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _switched)
    return engine


def migrate(engine: Engine) -> None:
    """Bring the tables up to date. The caller lets one process do this at a time."""
    from alembic import command  # much to load, and most processes never open the database
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _switched(connection: Any, _: object) -> None:
    for switch in SWITCHES:
        connection.execute(switch)
