"""What an import means to do: which extracts are new, which are in already, which may not come in, which must go."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from data import errors
from data.periods import month_of
from data.settings import Settings
from data.store import cleaned, plan
from data.store.cleaned import CleanedDay
from data.store.manifest import Delivery, Manifest, Refusal


@dataclass(frozen=True)
class Incoming:
    """An extract that is to be saved, and what the manifest will say of it."""

    day: CleanedDay
    delivery: Delivery

    @property
    def month(self) -> tuple[str, str]:
        """Its account and month; no month where it holds no journeys, which alone have pseudonyms to lose."""
        return _month(self.delivery)


@dataclass(frozen=True)
class Work:
    """The extracts of an import and of the version before it, sorted out."""

    fresh: tuple[Incoming, ...]
    duplicates: tuple[Delivery, ...]
    stays: tuple[Delivery, ...]
    purged: tuple[Delivery, ...]
    restated: frozenset[tuple[str, str]]  # closed months, by account, that came in again whole
    refused: tuple[Refusal, ...] = ()


def sort_out(before: Manifest, days: Iterable[CleanedDay], settings: Settings) -> Work:
    """Compare extracts with those of the version before; of two extracts of one slot the later counts.

    Raises `Refused` for a day past retention, or a part of a closed month.
    """
    incoming = {one.delivery.slot: one for one in (Incoming(day, cleaned.described(day)) for day in days)}
    known = {one.slot: one for one in before.deliveries}
    _refuse_old(incoming.values(), settings)
    closed = set(before.closed)
    restated = frozenset(
        one.month for slot, one in incoming.items() if one.month in closed and not _same_file(known.get(slot), one)
    )
    _refuse_parts(incoming.values(), before, restated)
    again = {
        slot for slot, one in incoming.items()
        if one.month not in restated and (_same_file if one.month in closed else _same)(known.get(slot), one)
    }  # fmt: skip
    fresh = tuple(one for slot, one in sorted(incoming.items()) if slot not in again)
    replaced = {one.delivery.slot for one in fresh}
    return Work(
        fresh=fresh,
        duplicates=tuple(known[slot] for slot in sorted(again)),
        stays=tuple(one for slot, one in known.items() if slot not in replaced and not _is_over(one, settings)),
        purged=tuple(one for one in before.deliveries if _is_over(one, settings)),
        restated=restated,
    )


def _month(one: Delivery) -> tuple[str, str]:
    return one.account, month_of(one.day) if one.has_journeys else ""


def _is_over(one: Delivery, settings: Settings) -> bool:
    """Whether it is past the retention of its kind."""
    return one.day < plan.first_kept_of(one, settings)


def _same(known: Delivery | None, one: Incoming) -> bool:
    return known is not None and known.source == one.delivery.source


def _same_file(known: Delivery | None, one: Incoming) -> bool:
    """Of a closed month the file alone decides: its rows can't be pseudonymised again as they were."""
    return known is not None and (known.format, known.sha256) == (one.delivery.format, one.delivery.sha256)


def _refuse_old(incoming: Iterable[Incoming], settings: Settings) -> None:
    for one in incoming:
        if _is_over(one.delivery, settings):
            first = plan.first_kept_of(one.delivery, settings)
            detail = f"Days before {first} are no longer kept. Set ESTATE_RETENTION=off to accept days of any age"
            raise errors.Refused("past_retention", f"{one.delivery.day} is past retention", detail)


def _refuse_parts(incoming: Iterable[Incoming], before: Manifest, restated: Iterable[tuple[str, str]]) -> None:
    """New pseudonyms can't join those of a key that is gone: a closed month is restated whole, in one import."""
    sent = {one.delivery.slot for one in incoming}
    for account, month in restated:
        missing = [one for one in before.deliveries if _month(one) == (account, month) and one.slot not in sent]
        if missing:
            detail = f"Import every extract of {month} for the account {account} again, all at once: {_listed(missing)}"
            raise errors.Refused("month_closed", f"{month} is closed and can only be restated whole", detail)


def _listed(missing: Sequence[Delivery]) -> str:
    return f"{len(missing)} are missing, such as {missing[0].sender} {missing[0].day}"
