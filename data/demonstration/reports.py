"""What a department's own analytics tool reports in sums: the days and the pages of a site that the joined account lacks.

One department sends this and no page views to follow. Its files are as such tools save them: days in a comment, thousands
with a comma, a row of totals, and pages that the tool doesn't tell apart.
"""

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from data.demonstration.days import SEED, conditions
from data.demonstration.world import Array, world
from data.demonstration.writing import Written
from data.periods import Period
from data.register import register

FORMAT: Final = "ga_report"
SENDER: Final = "DExEU"
THEME: Final = "brexit"  # whose days are those of the site
SHARE: Final = 2.5  # page views of the site for each landing of the theme
VIEWS: Final = 2.3  # page views of a session
RETURNING: Final = 0.88  # visitors of a session
PAGES: Final = {  # shares of the site's page views
    "/": 0.31, "/business-uk/": 0.17, "/citizens/": 0.14, "/visit-europe/": 0.12, "/eu-citizens-living-in-uk/": 0.09,
    "/driving/": 0.06, "/importing-exporting/": 0.05, "(other)": 0.06,
}  # fmt: skip
DAYS_HEAD: Final = ("Date", "Pageviews", "Sessions", "Users")
PAGES_HEAD: Final = ("Date", "Page", "Pageviews", "Unique Pageviews", "Entrances")


def write(folder: Path, period: Period) -> Iterator[Written]:
    """A report of days and one of days and pages, up to the department's last day; none where it has none in the period."""
    last = register.department(SENDER).last_day or period.last
    days = [day for day in period if day <= last]
    if not days:
        return
    views = [_views(day) for day in days]
    whole = [(day, sum(found), *_visits(sum(found))) for day, found in zip(days, views, strict=True)]
    each = [
        (day, page, count, round(count * 0.8), round(count * (0.7 if page == "/" else 0.3)))
        for day, found in zip(days, views, strict=True)
        for page, count in zip(PAGES, found, strict=True)
    ]
    for name, head, rows in (("days", DAYS_HEAD, whole), ("pages", PAGES_HEAD, each)):
        path = folder / f"reports-{SENDER.lower()}-{name}.csv"
        _save(path, head, rows, f"{days[0]:%Y%m%d}-{days[-1]:%Y%m%d}")
        yield Written(path, FORMAT, SENDER, "joined", None)


def _views(day: date) -> list[int]:
    """The page views of each page on the day."""
    here: Array = world().theme == world().themes.index(THEME)
    expected = SHARE * float(conditions(world(), day).landings[here].sum())
    drawn = np.random.default_rng([SEED, 8, day.toordinal()])
    return [int(drawn.poisson(expected * share)) for share in PAGES.values()]


def _visits(views: int) -> tuple[int, int]:
    """Sessions and visitors of so many page views."""
    sessions = round(views / VIEWS)
    return sessions, round(sessions * RETURNING)


def _save(path: Path, head: Sequence[str], rows: Sequence[tuple[object, ...]], days: str) -> None:
    """The report with its days in a comment above and its totals in a row without a day."""
    counts = [place for place, one in enumerate(rows[0]) if isinstance(one, int)]
    totals = [f"{sum(int(str(row[place])) for row in rows):,}" if place in counts else "" for place in range(len(head))]
    with path.open("w", newline="") as file:
        file.write(f"# ----------------------------------------\n# All web site data\n# {days}\n#\n\n")
        table = csv.writer(file)
        table.writerow(head)
        table.writerows([_written(value) for value in row] for row in rows)
        table.writerow(totals)


def _written(value: object) -> str:
    return f"{value:%Y%m%d}" if isinstance(value, date) else f"{value:,}" if isinstance(value, int) else str(value)
