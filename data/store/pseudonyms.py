"""The keys of pseudonyms: one for each account and month, made when first needed, destroyed when the month closes."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pydantic import TypeAdapter

from data import audit
from data.periods import month_of, whole_month
from data.settings import Settings
from data.store import keys
from data.store.files import locked, sync_folder, tidy
from data.store.home import Home


@dataclass(frozen=True)
class MonthKey:
    """The key of one account's month (such as 2019-10), in hexadecimal, and the day it was made."""

    account: str
    month: str
    made: date
    secret: str

    def closes(self, settings: Settings) -> date:
        """The day from which on the key is no longer kept: a month that first came late may be restated as long."""
        end = whole_month(date.fromisoformat(f"{self.month}-01")).last
        return max(end, self.made) + timedelta(days=settings.restatement_days + 1)


@dataclass(frozen=True)
class PseudonymKeys:
    """The keys in one home. File names are keyed, so that a listing tells nothing of accounts and months."""

    home: Home

    @classmethod
    def open(cls, settings: Settings) -> "PseudonymKeys":
        """The keys of the home of the settings."""
        return cls(Home.open(settings))

    def key(self, account: str, month: str) -> bytes:
        """The 32 bytes for a month such as `2019-10`. Of a closed month the key is a new one, unlike the destroyed one."""
        place = self._place(account, month)
        with locked(self.home.folder / "state" / "keys.lock"):
            try:
                found = _KEYS.validate_json(self.home.read(place))
            except FileNotFoundError:
                found = MonthKey(account, month, self.home.settings.today(), os.urandom(keys.KEY_BYTES).hex())
                self.home.write(place, _KEYS.dump_json(found))
                audit.Log(self.home).append("key", account=account, month=month, done="made")
        return bytes.fromhex(found.secret)

    def of_day(self, account: str, day: date) -> bytes:
        """The key of the month that holds a London day."""
        return self.key(account, month_of(day))

    def all(self) -> Iterator[MonthKey]:
        """Every key that is kept."""
        for file in sorted((self.home.folder / "keys").glob("[!.]*")):
            yield _KEYS.validate_json(self.home.read(f"keys/{file.name}"))

    def due(self) -> list[MonthKey]:
        """Keys of months that close today or should have closed before."""
        return [one for one in self.all() if one.closes(self.home.settings) <= self.home.settings.today()]

    def destroy(self, one: MonthKey) -> None:
        """Make a month's pseudonyms impossible to compute again."""
        file = self.home.folder / self._place(one.account, one.month)
        with locked(self.home.folder / "state" / "keys.lock"):
            tidy(file.parent)
            gone = file.rename(file.with_name(f".{file.name}"))
            with gone.open("r+b") as held:  # over the old bytes, where the disk allows it
                held.write(os.urandom(gone.stat().st_size))
                held.flush()
                os.fsync(held.fileno())
            gone.unlink()
            sync_folder(file.parent)
        audit.Log(self.home).append("key", account=one.account, month=one.month, done="destroyed")

    def _place(self, account: str, month: str) -> str:
        return f"keys/{self.home.key.name('pseudonym keys', f'{account} {month}')}"


_KEYS: Final = TypeAdapter(MonthKey)
