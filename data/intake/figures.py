"""Figures that hold no journeys, as deliveries: what a delivery of one period is, whatever its kind of figures."""

from typing import Final

import polars as pl

from data import errors
from data.intake import pseudonyms
from data.intake.assembling import Sent, counted
from data.intake.extract import CleanedDay, Quarantined
from data.intake.quarantine import hashed
from data.intake.returned import Returned
from data.periods import month_of

PERIOD: Final = ("first", "last")  # columns


def parts(found: Returned, *names: str) -> list[tuple[pl.DataFrame, Returned]]:
    """The rows of each period, and of each value of the columns `names`, oldest first; what is of no row counts with the first.

    Raises `Refused` for a file of which no line is left.
    """
    rows = found.rows.sort(*PERIOD, *names, "line").partition_by(*PERIOD, *names, maintain_order=True)
    if not rows:
        rules = ", ".join(f"{rule} {count:,}" for rule, count in counted(found.quarantined["rule"]).items())
        detail = f"Its rows break these rules: {rules or 'there is none'}. README shows what such a file looks like"
        raise errors.Refused("too_many_broken", "Not one row of the file can be kept", detail)
    return [(frame, found if place == 0 else found.of_rows_alone) for place, frame in enumerate(rows)]


def day(frame: pl.DataFrame, found: Returned, sent: Sent, kind: str) -> CleanedDay:
    """The delivery of one period's rows, with what was ignored and quarantined of `found`."""
    last = frame["last"][0]
    broken = found.quarantined
    kept = frame["line"].n_unique()
    hashes = pseudonyms.hashes(sent.key(month_of(last)), broken["hash"].to_list()) if broken.height else []
    return CleanedDay(
        account=sent.account,
        sender=sent.sender,
        day=last,
        kind=kind,
        format=found.format,
        sha256=sent.sha256,
        frame=frame,
        read=kept + broken.height + found.ignored,
        kept=kept,
        ignored=found.ignored,
        quarantined=counted(broken["rule"]),
        quarantine=tuple(
            Quarantined(line, rule, keyed.hex())
            for line, rule, keyed in zip(broken["line"], broken["rule"], hashes, strict=True)
        ),
        dropped_unshared={},
        ignored_columns=found.ignored_columns,
    )


def fallen(found: Returned, ruled: pl.DataFrame, said: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Of judged rows, with `rule`, those whose whole line may be kept; and everything quarantined (HASHED)."""
    falls = pl.col("line").is_in(ruled.filter(pl.col("rule").is_not_null())["line"].implode())
    broken = hashed(ruled.with_columns(said).filter(falls).select("line", "rule", "text"))
    kept = ruled.filter(~falls).select(found.rows.columns)
    return kept, pl.concat([found.quarantined, broken]).sort("line")
