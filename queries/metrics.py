"""The measures: what each is called, what it counts, and the one formula of each rate. GLOSSARY and pages read them here."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from queries.columns import Column, count, derived


@dataclass(frozen=True)
class Metric:
    """One measure of a set of page views: a count, or the ratio of two counts of the same row."""

    name: str
    title: str
    unit: str
    definition: str
    numerator: str = ""
    denominator: str = ""

    @property
    def is_rate(self) -> bool:
        """Whether it divides one count by another."""
        return bool(self.denominator)

    @property
    def is_share(self) -> bool:
        """Whether it is a part of a whole, from 0 to 1."""
        return self.unit == "share"

    @property
    def counts(self) -> tuple[str, ...]:
        """The counts that it is made of: itself, or the two of a rate."""
        return (self.numerator, self.denominator) if self.is_rate else (self.name,)

    @property
    def value(self) -> pl.Expr:
        """The measure of a row that has its counts."""
        return ratio(self.numerator, self.denominator).alias(self.name) if self.is_rate else pl.col(self.name)

    def column(self, *, shown: bool = True) -> Column:
        """The measure as a column of an answer."""
        if not self.is_rate:
            return count(self.name, self.unit, shown=shown)
        return derived(self.name, self.unit, ratio(self.numerator, self.denominator), denominators=(self.denominator,))


def ratio(numerator: str, denominator: str) -> pl.Expr:
    """One count over another; no value, not NaN, where there is nothing to divide by."""
    return pl.when(pl.col(denominator) != 0).then(pl.col(numerator) / pl.col(denominator))


METRICS: Final[dict[str, Metric]] = {
    metric.name: metric
    for metric in (
        Metric("sessions", "Sessions", "sessions", "Sessions with a page view in the set"),
        Metric("page_views", "Page views", "page views", "Page views in the set"),
        Metric("visitors", "Visitors", "visitors", "Visitors seen in the set, within one calendar month only"),
        Metric("landings", "Landings", "sessions", "Sessions whose first page view is in the set"),
        Metric("exits", "Exits", "sessions", "Sessions whose last page view is in the set"),
        Metric("searches", "Searches", "searches", "Site searches started from a page of the set"),
        Metric("not_found", "Page not found", "page views", "Page views in the set with status 404 or 410"),
        Metric("single_page", "Single-page sessions", "sessions", "Sessions that land in the set and have one step"),
        Metric("searching_sessions", "Sessions that searched", "sessions", "Sessions that searched from the set"),
        Metric("start_page_sessions", "Start page sessions", "sessions", "Sessions that saw a start page of the service"),
        Metric(
            "arrivals", "Arrivals", "sessions",
            "Sessions that saw a start page and, later, a page of the service that isn't a start page",
        ),
        Metric("returned", "Sessions that came right back", "sessions", "Sessions that went from a page of the set to another and right back to it"),
        Metric(
            "pogo_stick_rate", "Pogo-stick rate", "share", "Sessions that went from a page of the set to another and right back to it, as a share of its sessions",
            "returned", "sessions",
        ),
        Metric("exit_rate", "Exit rate", "share", "Exits as a share of page views", "exits", "page_views"),
        Metric(
            "single_page_rate", "Single-page rate", "share", "Sessions that land in the set and have one step, as a share of landings",
            "single_page", "landings",
        ),
        Metric(
            "pages_per_session", "Pages per session", "page views a session", "Page views over sessions",
            "page_views", "sessions",
        ),
        Metric("useful_yes", "Answers of yes", "answers", "Answers of yes to whether a page of the set is useful"),
        Metric("useful_answers", "Answers", "answers", "Answers to whether a page of the set is useful"),
        Metric("usefulness", "Usefulness", "share", "Answers of yes as a share of all answers", "useful_yes", "useful_answers"),
        Metric(
            "drop_off_rate", "Drop-off rate", "share", "Units that reached a step and not the next, as a share of those that reached it",
            "drop_offs", "units",
        ),
        Metric(
            "search_share", "Share that searched", "share", "Sessions that searched from the set, as a share of its sessions",
            "searching_sessions", "sessions",
        ),
        Metric(
            "arrival_rate", "Arrival rate", "share", "Arrivals as a share of start page sessions",
            "arrivals", "start_page_sessions",
        ),
    )
}  # fmt: skip


def columns(*names: str, hidden: tuple[str, ...] = ()) -> tuple[Column, ...]:
    """These measures as columns, and after them the `hidden` ones that their formulas need."""
    return (*(METRICS[name].column() for name in names), *(METRICS[name].column(shown=False) for name in hidden))


def formulas(names: tuple[Column, ...]) -> list[pl.Expr]:
    """The expressions that fill the derived columns among these."""
    return [column.formula.cast(column.type).alias(column.name) for column in names if column.formula is not None]


def definitions(*names: str) -> str:
    """The definitions of these measures as sentences."""
    return " ".join(
        f"{METRICS[name].title}: {METRICS[name].definition[0].lower()}{METRICS[name].definition[1:]}." for name in names
    )
