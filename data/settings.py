"""Every setting, in one frozen object, read from `ESTATE_*`; and the one clock."""

import os
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from data.periods import LONDON


class Settings(BaseSettings):
    """What an operator may set. Unset means: a demonstration on this machine."""

    model_config = SettingsConfigDict(env_prefix="ESTATE_", frozen=True, extra="forbid", env_ignore_empty=True)

    mode: Literal["demonstration", "real"] = Field(
        "demonstration", description="`real` needs a key from outside the home"
    )
    home: Path = Field(Path("home"), description="The folder that holds inbox, cleaned days, segments and versions")
    key_file: Path | None = Field(None, description="A file of at least 32 bytes outside the home: the estate key")
    key_command: str | None = Field(None, description="A command that prints the estate key, instead of a file")
    state_url: SecretStr | None = Field(
        None, description="The database of what people make, as SQLAlchemy writes it; unset means a file in the home"
    )
    port: int = Field(8050, ge=1, le=65535, description="The loopback port that the dashboard listens on")
    clock: date | None = Field(None, description="A fixed day to call today; unset means the machine's clock")
    retention: Literal["on", "off"] = Field("on", description="`off` keeps and accepts days of any age")
    journey_months: int = Field(13, ge=1, description="Months that journeys are kept")
    total_months: int = Field(25, ge=1, description="Months that sums are kept: reports, days of saved funnels")
    restatement_days: int = Field(45, ge=0, description="Days after its end until a month closes")
    memory_limit: str = Field(
        "2GB", pattern=r"^[1-9][0-9]*(\.[0-9]+)?([KMGT]i?)?B$", description="The most memory that DuckDB may use"
    )
    threads: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1, description="Threads of DuckDB")
    statement_seconds: float = Field(5.0, gt=0, description="Seconds until a question is stopped")
    waiting_questions: int = Field(32, ge=1, description="Questions that may wait at once; one more is turned away")
    query_keys: frozenset[str] = Field(frozenset(), description="Keys of a query string that are kept in a page")
    broken_rows: int = Field(20, ge=0, description="Broken rows that a file may always have")
    broken_share: float = Field(0.01, ge=0, le=1, description="Share of broken rows that a file may have beyond these")
    expanded_bytes: int = Field(4_000_000_000, ge=1, description="The most bytes a compressed extract may expand to")
    expanded_ratio: int = Field(100, ge=1, description="The most times its size a compressed extract may expand")
    reader_memory: int = Field(
        8_000_000_000, ge=1, description="The most bytes of memory that reading an extract may take"
    )
    reader_seconds: int = Field(900, ge=1, description="The most seconds that reading an extract may take")

    def today(self) -> date:
        """The Europe/London day that the service calls today."""
        return self.clock or datetime.now(LONDON).date()

    def now(self) -> datetime:
        """The moment that the service calls now, aware, Europe/London."""
        return datetime.combine(self.clock, time(12), LONDON) if self.clock else datetime.now(LONDON)

    @cached_property
    def folder(self) -> Path:
        """The home as an absolute path."""
        return self.home.expanduser().absolute()
