"""Parts of a file as cleaned days: pseudonyms for identifiers, texts for numbers, and every row counted."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from data import formats
from data.contract import CHANNELS, CLEANED, DEVICES, KINDS
from data.intake import pseudonyms, sharing, tags
from data.intake.extract import CleanedDay, Keys, Quarantined
from data.intake.handing import CODES
from data.intake.hostile import Found
from data.intake.judging import Parted
from data.intake.rules import IDENTIFIERS
from data.periods import month_of

ENUMS = {"kind": KINDS, "device": DEVICES, "channel": CHANNELS}


@dataclass(frozen=True)
class Sent:
    """What is known of a file from outside: account, sender, SHA-256, days, the keys of pseudonyms."""

    account: str
    sender: str
    sha256: str
    days: list[date]
    keys: Keys

    def key(self, month: str) -> bytes:
        """The key of a month of the account."""
        return self.keys(self.account, month)


def assembled(found: Found, parts: Parted, sent: Sent) -> list[CleanedDay]:
    """The cleaned days of a file, in order; what broke before its day was known counts with the first."""
    rows = pl.concat([parts.kept, _marks(parts, found.pages.height)]).drop("rule", "department")
    frame = _frame(rows, found, sent)
    broken = parts.quarantined.with_columns(pl.col("of").fill_null(sent.days[0]))
    parts = Parted(parts.kept, parts.dropped, broken)
    return [
        _day(found, parts, sent, (day, frame.filter(rows["of"] == day) if sent.days[1:] else frame))
        for day in sent.days
    ]


def _day(found: Found, parts: Parted, sent: Sent, of: tuple[date, pl.DataFrame]) -> CleanedDay:
    day, frame = of
    kept, dropped, broken = (
        part.filter(pl.col("of") == day) for part in (parts.kept, parts.dropped, parts.quarantined)
    )
    lines = kept["line"].unique()
    ignored = dropped.filter(~pl.col("line").is_in(lines.implode()))["line"].n_unique() if dropped.height else 0
    ignored += sum(
        count for said, count in found.ignored.items() if (said if said in sent.days else sent.days[0]) == day
    )
    hashes = pseudonyms.hashes(sent.key(month_of(day)), broken["hash"].to_list()) if broken.height else []
    return CleanedDay(
        account=sent.account,
        sender=sent.sender,
        day=day,
        kind=found.kind,
        format=found.format,
        sha256=sent.sha256,
        frame=frame,
        read=lines.len() + ignored + broken.height,
        kept=lines.len(),
        ignored=ignored,
        quarantined=counted(broken["rule"]),
        quarantine=tuple(
            Quarantined(line, rule, keyed.hex())
            for line, rule, keyed in zip(broken["line"], broken["rule"], hashes, strict=True)
        ),
        dropped_unshared=counted(dropped["department"]),
        ignored_columns=found.ignored_columns,
    )


def counted(values: pl.Series) -> dict[str, int]:
    """How often each text comes, in the order of texts."""
    return dict(values.value_counts(name="times").sort(values.name).rows())


def _marks(parts: Parted, page: int) -> pl.DataFrame:
    """What stands in sessions for runs of rows that aren't shared: marks, on a page of their own."""
    if not parts.dropped.height:
        return parts.dropped
    both = [parts.kept.with_columns(dropped=False), parts.dropped.with_columns(dropped=True)]
    said = ("title", "value", "status", "document_type", "content_id", "taxon", "step_by_step", "organisations")
    return (
        sharing.marks(pl.concat(both))
        .drop("dropped")
        .with_columns(
            pl.lit(page, pl.UInt32).alias("page"),
            pl.lit(sharing.NOT_SHARED, pl.UInt8).alias("kind"),
            *(pl.lit(None, parts.kept.schema[name]).alias(name) for name in said),
        )
    )


def _frame(rows: pl.DataFrame, found: Found, sent: Sent) -> pl.DataFrame:
    """The rows as the contract has them."""
    pages = pl.concat(
        [found.pages, pl.DataFrame([sharing.MARK], schema=found.pages.schema, orient="row")], rechunk=True
    )
    known = found.content.values | {"organisations": tags.primary_first(found.content.values["organisations"])}
    texts = {name: known[name].gather(rows[name]) for name in CODES if name in CLEANED}
    columns = {
        **rows.rename({"line": "row"}).to_dict(),
        **{name: rows[name].cat.to(pl.Enum(words)) for name, words in ENUMS.items()},
        **{name: pages[name].gather(rows["page"]) for name in ("host", "path")},
        **texts,
    }
    for name in IDENTIFIERS:
        identifiers = _identifiers(name, found, sent)
        columns[name], columns[f"{name}_before"] = pseudonyms.of(rows[name], identifiers, rows["day"], sent.key)
    return pl.DataFrame({name: columns[name] for name in CLEANED})


def _identifiers(name: str, found: Found, sent: Sent) -> pl.Series:
    """Identifiers as they are unique within the account: a line's number, alone, is not."""
    raw = found.content.values[name]
    return raw if formats.named(found.format).TIMED else f"{sent.sender} {sent.days[0]} {sent.sha256} " + raw
