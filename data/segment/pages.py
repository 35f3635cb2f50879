"""The page table: every page of a segment once, in the order of host and path, with its newest words and its owner."""

from datetime import date

import numpy as np
import polars as pl

from data.segment.cleaned import MARK
from data.segment.ownership import OWNED, Ownership
from data.segment.sessions import NOT_SHARED, ORDER, Array

WORDS = ("title", "document_type", "taxon", "organisations")


def with_marks(views: pl.DataFrame) -> pl.DataFrame:
    """Page views and marks with the page of each: a mark's page is the same wherever it stands for."""
    mark = pl.col("kind").to_physical() == NOT_SHARED
    return views.with_columns(
        host=pl.when(mark).then(pl.lit("")).otherwise("host"), path=pl.when(mark).then(pl.lit(MARK)).otherwise("path")
    )


def number(views: pl.DataFrame, day: date, ownership: Ownership) -> tuple[pl.DataFrame, Array]:
    """The page table of these page views, numbered from 1 by host and path, and the number of each view's page."""
    newest = [pl.col(word).drop_nulls().last() for word in WORDS]
    pages = views.sort(*ORDER).group_by("host", "path").agg(*newest).sort("host", "path")
    pages = pages.with_columns(
        page=pl.int_range(1, pages.height + 1, dtype=pl.UInt32), mark=(pl.col("host") == "") & (pl.col("path") == MARK)
    )
    numbers = views.select("host", "path").join(pages, on=["host", "path"], how="left", maintain_order="left")["page"]
    return _owned(pages, day, ownership), numbers.to_numpy()


def _owned(pages: pl.DataFrame, day: date, ownership: Ownership) -> pl.DataFrame:
    asked = pages.select("host", "path", "document_type", "organisations")
    owned = pages.with_columns(ownership.own_pages(asked, day).select(*OWNED))
    nobody = [
        pl.when("mark").then(0).otherwise(name).cast(owned[name].dtype).alias(name)
        for name in OWNED
        if name != "service"
    ]
    return owned.with_columns(*nobody, pl.when(~pl.col("mark")).then("service").alias("service"))


def bits(owners: pl.Series, mark: pl.Series) -> Array:
    """The bit of each page's owner, at index 0 none: a session's departments are the bits of its pages, marks left out."""
    one = np.left_shift(np.uint64(1), owners.to_numpy().astype(np.uint64))
    return np.concatenate(([np.uint64(0)], np.where(mark.to_numpy(), np.uint64(0), one)))
