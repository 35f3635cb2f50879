"""Whose hosts a sender sends, and which of them may be kept: judged for each host and day."""

from datetime import date
from typing import Final

import polars as pl

from data import errors
from data.contract import KINDS
from data.register import PLATFORM_SENDER, register
from data.register.records import Move

MARK: Final = ("", "(not shared)")  # host and path of what stands for a run of rows that aren't shared
VERDICT: Final = pl.Schema({"rule": pl.String, "department": pl.String})
DAYS: Final = 1 << 22  # more than the days of any calendar date: a host and a day make one number
NOT_SHARED: Final = KINDS.index("not_shared")


def need_agreement(sender: str, day: date | None) -> None:
    """Raise `Refused` unless the sender has a memorandum in force on the day (without a day: has ever signed one)."""
    if sender == PLATFORM_SENDER:
        return
    if day is None:
        signed = any(one.signed for one in register.agreements if sender in {one.department, *_heirs(one.passes)})
    else:
        signed = register.agreement_in_force(sender, day) is not None
    if not signed:
        when = f"on {day}" if day else "yet"
        detail = (
            f"{sender} has no memorandum in force {when}, so its files aren't opened: ask the data protection contact"
        )
        raise errors.Refused("no_agreement", f"{sender} doesn't share", detail)


def _heirs(passes: tuple[Move, ...]) -> list[str]:
    return [move.department for move in passes]


def verdict(sender: str, account: str, host: str | None, day: date) -> tuple[str | None, str | None]:
    """The rule that a row of the host breaks, or the department that doesn't share it, or neither: it may be kept.

    What isn't shared is told apart first: whoever sends it, it is another department's step that must not be seen.
    """
    its_sender = register.sender_of(account, host, day) if host else None
    if host is None or its_sender is None:
        return "host_not_of_sender", None
    if not register.shared(host, day):
        return None, register.department_of_host(host, day) or "No owner"
    return (None if its_sender == sender else "host_not_of_sender"), None


def judged(rows: pl.DataFrame, hosts: pl.Series, sender: str, account: str) -> pl.DataFrame:
    """`rule`, and `department` that doesn't share, of each row; both null where it may be kept.

    `rows` has `page` (a place in `hosts`) and `day`; a verdict is found once for each host and day.
    """
    named = pl.DataFrame({"host": hosts, "number": hosts.rank("dense").fill_null(0).cast(pl.Int64)})
    days = rows["day"].to_physical().cast(pl.Int64)
    seen_at = (named["number"].gather(rows["page"]) * DAYS + days).alias("seen")
    pairs = _pairs(named, seen_at.unique())
    verdicts = [verdict(sender, account, host, day) for host, day in pairs.select("host", "day").rows()]
    found = pairs.select("seen").hstack(pl.DataFrame(verdicts, schema=VERDICT, orient="row"))
    if found["rule"].null_count() == found["department"].null_count() == found.height:
        return pl.DataFrame({name: pl.repeat(None, rows.height, dtype=pl.String, eager=True) for name in VERDICT})
    return seen_at.to_frame().join(found, on="seen", how="left", maintain_order="left").drop("seen")


def _pairs(named: pl.DataFrame, seen: pl.Series) -> pl.DataFrame:
    """Host and day of each number that stands for both."""
    numbered = seen.to_frame().with_columns(
        number=pl.col("seen") // DAYS, day=(pl.col("seen") % DAYS).cast(pl.Int32).cast(pl.Date)
    )
    return numbered.join(named.unique("number"), on="number", how="left")


def marks(rows: pl.DataFrame) -> pl.DataFrame:
    """Of rows with `dropped`, the last of each run of dropped ones in a session (in a visitor's rows, where there is none).

    A run ends where a row that is kept follows. The mark stands at its end, as a step of several reloads does.
    """
    who = pl.coalesce(pl.col("session").cast(pl.Int64), -1 - pl.col("visitor").cast(pl.Int64))
    named = rows.with_columns(who.alias("who"))
    touched = named.filter(pl.col("who").is_in(named.filter("dropped")["who"].unique().implode()))
    ordered = touched.sort("who", "time", "order", "line")
    goes_on = pl.col("dropped").shift(-1, fill_value=False) & (pl.col("who") == pl.col("who").shift(-1, fill_value=0))
    return ordered.filter(pl.col("dropped") & ~goes_on).drop("who")
