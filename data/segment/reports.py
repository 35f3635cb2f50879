"""Reports of analytics tools as rows of a segment: one row a figure of a page, however many lines it stood in."""

from typing import Final

import polars as pl

from data.contract import REPORTED

ROW: Final = ("first", "last", "what", "host", "path")  # that stands once for a sender


def one_row_a_figure(sender: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of page_report of a frame of REPORTED.

    Addresses that differ until they are cleaned, and pages with several titles, stand in several lines of a report. Their
    page views and landings add up. A session may be in several lines, and so may a visitor: neither has a value then.
    """
    adds_up = pl.col("measure").is_in(["page_views", "landings"]) | (pl.col("line").n_unique().over(ROW) == 1)
    sums = pl.col("value").sum(), pl.col("doubt").first()
    figures = frame.filter(adds_up).group_by(*ROW, "measure", maintain_order=True).agg(sums)
    return figures.select(pl.lit(sender).alias("department"), *REPORTED.names()[1:])
