"""Work on the few rows of a column that need it; most addresses and titles need nothing."""

from collections.abc import Callable

import polars as pl

Work = Callable[[pl.Series], pl.Series]


def mended(values: pl.Series, regex: str, work: Work) -> pl.Series:
    """`values` with `work` done on the rows where `regex` is found; a new series, in the same order."""
    rows = values.str.contains(regex).fill_null(value=False).arg_true()
    if rows.is_empty():
        return values
    return values.clone().scatter(rows, work(values.gather(rows)))


def once(values: pl.Series, work: Callable[[pl.Series], pl.DataFrame]) -> pl.DataFrame:
    """The row that `work` has for each value, in the same order; it is asked for distinct values only."""
    if values.n_unique() == len(values):
        return work(values)
    distinct = values.unique().rename("sent")
    known = work(distinct).with_columns(distinct)
    return (
        values.to_frame("sent").join(known, on="sent", how="left", nulls_equal=True, maintain_order="left").drop("sent")
    )


def each(values: pl.Series, work: Callable[[str], str]) -> pl.Series:
    """`work` done in Python on every distinct value; nulls stay."""
    known: dict[str | None, str | None] = {value: work(value) for value in values.unique().drop_nulls().to_list()}
    return pl.Series(values.name, [known.get(value) for value in values.to_list()], pl.String)


def until_stable(values: pl.Series, work: Work, rounds: int) -> tuple[pl.Series, pl.Series]:
    """`work` repeated on the rows that still change, at most `rounds` times; and the rows that still did at the end."""
    rows = pl.arange(len(values), dtype=pl.UInt32, eager=True)
    values = values.clone()
    for _ in range(rounds):
        before = values.gather(rows)
        after = work(before)
        changed = (before != after).fill_null(value=False).arg_true()
        if changed.is_empty():
            return values, rows.clear()
        rows = rows.gather(changed)
        values = values.scatter(rows, after.gather(changed))
    return values, rows
