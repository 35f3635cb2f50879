"""The names of a segment's pages as the viewer may see them: those of another department's services are one, `(DWP)`."""

from typing import Any, Final

import polars as pl

from data import clean
from data.register import register
from data.store import Segment
from queries.asking import Asking, sql
from queries.pages import page_tables

NAMED: Final = {"number": pl.UInt32, "name": pl.String, "department": pl.String}


def named(asking: Asking[Any], segment: Segment, numbers: pl.Series) -> pl.DataFrame:
    """Columns `number`, `name`, `department` (the owner's short name) for these page numbers of a segment; 0 has none."""
    wanted = numbers.filter(numbers > 0).unique()
    bound = {"pages": wanted.to_list(), "now": asking.parameters.structure == "now"}
    found = asking.reading.run(segment, sql("page_names"), bound)
    folded = page_tables.hidden(asking, segment)[found["page"].to_numpy()]
    names = pl.col("owner").replace_strict(register.department_names, return_dtype=pl.String)
    told = found.select(
        pl.col("page").alias("number"), clean.shown_expression().alias("name"), names.alias("department")
    )
    hidden = pl.Series(
        [f"({register.department_names[fold - 1]})" if fold else None for fold in folded.tolist()], dtype=pl.String
    )
    return told.with_columns(name=pl.coalesce(hidden, "name")).select(pl.col(n).cast(t) for n, t in NAMED.items())
