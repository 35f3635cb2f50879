"""One service on one screen: who came and from where, its funnel and its biggest drop, errors, devices, last year, others like it."""

from dataclasses import replace
from typing import Any, Final

import polars as pl

from data import access, errors
from data.contract import DEVICES, KINDS
from data.register import register
from data.register.records import Service
from queries import shapes
from queries.asking import Asking, Frames, Value, sql
from queries.columns import Column, count, derived, label
from queries.disclosure import rows
from queries.funnels import funnel, funnel_columns, funnel_text
from queries.funnels.funnel_columns import MORE, STEPS
from queries.handovers import handovers_services, starts
from queries.metrics import formulas, ratio
from queries.page_sets import definitions
from queries.pages import next_pages, page_names
from queries.parameters import Common
from queries.periods import days_with_data
from queries.review import similar
from queries.services import same_visit, service_weeks

FILTERS: Final = frozenset({"service"})
SIMILAR: Final = 5  # services that are named
FROM: Final = 8  # pages that people came from
MOST_ERRORS: Final = 10
DEFINITION: Final = (
    "Arrivals, start clicks and not seen arriving are those of handovers; where people came from are page views before its start "
    "pages; the funnel goes from its start pages through its known steps to its end pages, beside the same weekdays a year before. "
    "Weeks are the newest 26 from Monday to Sunday, by device. A bad stretch is the run of at most 8 weeks in which clearly fewer than in "
    "the other weeks went on from a step: its whole 99.999% Wilson interval lies below nine tenths of theirs. Similar services start with the same word and have about as "
    "many sessions at their start pages."
)
COLUMNS: Final = service_weeks.COLUMNS
ERRORS: Final[tuple[Column, ...]] = (
    label("page"), label("error"), label("department"), count("errors", "errors"), count("sessions", "sessions"),
    count("mobile", "sessions"), count("desktop", "sessions"),
)  # fmt: skip
ALIKE: Final[tuple[Column, ...]] = (
    label("service"), label("name"), label("department"), count("visit_starts", "sessions"), count("visit_completions", "sessions"),
    derived("same_visit_rate", "share", ratio("visit_completions", "visit_starts"), denominators=("visit_starts",)),
)  # fmt: skip
BEFORE: Final[tuple[Column, ...]] = (label("department"), *(count(name, "sessions") for name in starts.COUNTS))
MORE_COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    "steps": STEPS, **{f"funnel {name}": columns for name, columns in MORE.items()},
    "neighbours": next_pages.COLUMNS, **{f"next {name}": columns for name, columns in next_pages.MORE_COLUMNS.items()},
    "arrivals": handovers_services.COLUMNS, "arrivals last year": BEFORE, "errors": ERRORS, "similar": ALIKE, "stretches": service_weeks.STRETCHES,
}  # fmt: skip
PARAMETERS: Final = Common
SHAPE: Final = shapes.row(
    (), **dict.fromkeys(("service", "name", "department", "status", "no_start_because", "no_end_because"), shapes.TEXT), start_pages=shapes.TEXTS,
    arrivals=shapes.row(MORE_COLUMNS["arrivals"]), arrivals_last_year=shapes.row(MORE_COLUMNS["arrivals last year"]),
    funnel=funnel.SHAPE, devices=funnel.SHAPE["properties"]["groups"], last_year=funnel.SHAPE["properties"]["compared"],
    biggest_drop=shapes.row((), **{name: funnel_columns.STEP_SHAPE["properties"][name] for name in ("step", "name", "units", "drop_offs", "went")}, to=shapes.TEXT),
    errors=shapes.rows(ERRORS), similar=shapes.rows(ALIKE), stretches=shapes.rows(service_weeks.STRETCHES), weeks=shapes.rows(COLUMNS),
    **{"from": shapes.whole(**{name: next_pages.SHAPE["properties"][name] for name in ("page_views", "landings", "landings_by_channel", "previous")})},
)  # fmt: skip


def answer(asking: Asking[Common]) -> Frames:
    """The weeks of the service by device; everything else beside them. Raises `Forbidden` for another department's service."""
    service, department = _service(asking)
    steps = {"steps": funnel_text.of_service(service.slug), "breakdown": "device", "compare": "year"}
    walked = funnel.answer(_asked(asking, funnel.PARAMETERS, steps))
    came = _neighbours(asking, service)
    weeks, stretches = service_weeks.told(_asked(asking, funnel.PARAMETERS, steps), department)
    others = {
        "steps": walked.main, **{f"funnel {name}": frame for name, frame in walked.others.items()},
        "neighbours": came.main, **{f"next {name}": frame for name, frame in came.others.items()},
        "arrivals": _arrivals(asking, service), "arrivals last year": _last_year(asking, service, department), "errors": _errors(asking, service), "similar": _similar(asking, service),
        "stretches": stretches,
    }  # fmt: skip
    return Frames(weeks, others, notes=walked.notes)


def present(frames: Frames, asking: Asking[Common]) -> Value:
    """One object: each part under its name."""
    service, department = _service(asking)
    others = frames.others
    parts = {name: others[f"funnel {name}"] for name in MORE}
    walked: Any = funnel.present(
        Frames(others["steps"], parts),
        _asked(asking, funnel.PARAMETERS, {"steps": funnel_text.of_service(service.slug), "compare": "year"}),
    )
    around = {name: others[f"next {name}"] for name in next_pages.MORE_COLUMNS}
    came: Any = next_pages.present(
        Frames(others["neighbours"], around),
        _asked(asking, next_pages.PARAMETERS, {"page": list(service.start_pages) or ["/"]}),
    )
    return {
        "service": service.slug, "name": service.name, "department": department, "status": starts.status(service, asking.account, asking.period),
        "start_pages": list(service.start_pages), "no_start_because": service.no_start_because, "no_end_because": service.no_end_because,
        "arrivals": next(iter(rows(others["arrivals"])), None),
        "arrivals_last_year": next(iter(rows(others["arrivals last year"])), None),
        "from": {name: came[name] for name in ("page_views", "landings", "landings_by_channel", "previous")},
        "funnel": walked, "biggest_drop": _biggest(walked["steps"]), "devices": walked["groups"], "last_year": walked["compared"],
        "errors": rows(others["errors"]), "similar": rows(others["similar"]), "stretches": rows(others["stretches"]),
        "weeks": rows(frames.main),
    }  # fmt: skip


def _service(asking: Asking[Common]) -> tuple[Service, str]:
    """The one service asked for, and its department on the last of the days."""
    if len(asking.parameters.service) != 1:
        raise errors.BadRequest("One service is needed", "Give its short name, such as renew-passport", "service")
    service = register.service(asking.parameters.service[0])
    department = register.department_on(service.department, service.agency, asking.period.last)
    access.may_see_services(asking.viewer, department).require()
    return service, department


def _asked(asking: Asking[Common], model: Any, given: dict[str, Any]) -> Asking[Any]:
    """Another question about the same days, beside the same weekdays a year before."""
    wanted = model.model_validate({"account": asking.account, "structure": asking.parameters.structure, **given})
    return replace(asking, parameters=wanted, comparison=asking.period.year_before())


def _neighbours(asking: Asking[Common], service: Service) -> Frames:
    """What was seen before its start pages."""
    pages = list(service.start_pages) or list(service.pages)[:1]
    return next_pages.answer(_asked(asking, next_pages.PARAMETERS, {"page": pages, "limit": FROM}))


def _arrivals(asking: Asking[Common], service: Service) -> pl.DataFrame:
    table = handovers_services.table(_asked(asking, Common, {}))
    return table.filter(pl.col("service") == service.slug)


def _last_year(asking: Asking[Common], service: Service, department: str) -> pl.DataFrame:
    """What was counted of its start pages on the same weekdays a year before; no row where those have no data."""
    days = asking.period.year_before()
    there = bool(days_with_data(asking.reading, asking.account, days))
    mine = starts.daily(asking, days).filter(pl.col("service") == service.slug)
    counts = mine.select(pl.lit(department).alias("department"), pl.col(starts.COUNTS).sum()).head(int(there))
    unseen = () if starts.seen(starts.status(service, asking.account, days)) else handovers_services.UNSEEN
    return counts.with_columns(pl.lit(None, pl.Int64).alias(name) for name in unseen)


def _errors(asking: Asking[Common], service: Service) -> pl.DataFrame:
    """The errors shown on its pages, most often first."""
    parts = [pl.DataFrame(schema={column.name: column.type for column in ERRORS})]
    known = {
        "mobile": DEVICES.index("mobile") + 1,
        "desktop": DEVICES.index("desktop") + 1,
        "kind": KINDS.index("error"),
    }
    for segment in asking.reading.segments(asking.account, asking.period):
        pages = definitions.pages(asking, segment, "service", (service.slug,)).tolist()
        bound = {"first": asking.period.first, "last": asking.period.last, "pages": pages, **known}
        found = asking.reading.run(segment, sql("service_errors"), bound)
        named = page_names.named(asking, segment, found["page"]).rename({"name": "shown"})
        told = found.join(named, left_on="page", right_on="number").drop("page").rename({"shown": "page"})
        parts.append(told.select(pl.col(column.name).cast(column.type) for column in ERRORS))
    counts = pl.col("errors", "sessions", "mobile", "desktop").sum()
    whole = pl.concat(parts).group_by("page", "error", "department").agg(counts)
    return whole.sort("errors", "page", "error", descending=[True, False, False]).head(MOST_ERRORS)


def _similar(asking: Asking[Common], service: Service) -> pl.DataFrame:
    """Services of other departments that start with the same word, those nearest in size first; else the nearest of any."""
    sums = same_visit.daily(asking, asking.period).group_by("service").agg(pl.col(same_visit.VISITS).sum())
    day, sizes = asking.period.last, dict(sums.select("service", "visit_starts").iter_rows())
    names = {slug: one.name for slug, one in register.services.items()}
    owners = {slug: similar.owner(slug, day) for slug in names}
    order = pl.DataFrame({"service": similar.ranked(sizes, service.slug, day)}, {"service": pl.String})
    found = order.join(sums, on="service", maintain_order="left").filter(pl.col("visit_completions") > 0).head(SIMILAR)
    slug = pl.col("service")
    told = found.with_columns(
        *formulas(ALIKE),
        name=slug.replace_strict(names, return_dtype=pl.String),
        department=slug.replace_strict(owners, return_dtype=pl.String),
    )
    return told.select(pl.col(column.name).cast(column.type) for column in ALIKE)


def _biggest(steps: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The step after which most stopped, and where these went."""
    known = [(place, step) for place, step in enumerate(steps) if step["drop_offs"] and place < len(steps) - 1]
    if not known:
        return None
    place, step = max(known, key=lambda each: (each[1]["drop_offs"], -each[0]))
    told = {name: step[name] for name in ("step", "name", "units", "drop_offs")}
    return told | {"to": steps[place + 1]["name"], "went": step["went"]}
