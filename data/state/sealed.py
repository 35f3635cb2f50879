"""Columns of the state database: JSON that only the estate key opens, and moments in UTC."""

from datetime import UTC, datetime
from typing import Any, Final

import orjson
from sqlalchemy import DateTime, Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from data.store.keys import EstateKey

PURPOSE: Final = "what people make"


class Sealed(TypeDecorator[Any]):
    """A JSON value, encrypted and authenticated (AES-256-GCM) under a key derived from the estate key."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, key: EstateKey) -> None:
        super().__init__()
        self.key = key

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes:  # noqa: ARG002 - the same everywhere
        """The value as it is stored."""
        return self.key.seal(PURPOSE, orjson.dumps(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - the same everywhere
        """The value that was stored. Raises `Untrusted` for another key or one changed bit."""
        return orjson.loads(self.key.unseal(PURPOSE, value))


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored in UTC, for databases that know time zones and for those that don't."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The moment as it is stored."""
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The moment that was stored."""
        stored: datetime | None = value
        return stored and stored.replace(tzinfo=UTC)
