"""The My service page: one screen for who owns a service."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from data.periods import Period
from layouts import formats, funnel, page_top
from layouts.address import Problem
from layouts.components import choice, day_field, figures, files, graph, leading, link, more
from layouts.figures import funnel as bars
from layouts.figures import service as picture
from layouts.figures.services import written
from layouts.markup import Child, Element, div, h2, p, section, strong
from layouts.service_state import TITLE, ServiceState, title
from layouts.services_state import KPIS, ServicesState
from queries.answers import Answer
from queries.handovers import starts

LEAD: Final = "Who comes to the service and from where, where they stop and go instead, what goes wrong there, and how others like it do."
NOBODY: Final = "No session saw the service on these days."
REFUSED: Final = "Not seen arriving: clicked start and weren't seen in the service. People who refuse its cookies, and pages without a tag, look the same."
NOT_SHARED: Final = "{} doesn't share this service's own pages on these days. Its funnel, devices and errors can't be shown: not shared isn't zero."
NO_ERRORS: Final = "No error was recorded on its pages on these days. Services that don't record errors look the same."
WENT: Final = 5
Row = Mapping[str, Any]


def heading(state: ServiceState, problems: Sequence[Problem], services: Mapping[str, str]) -> Element:
    """What the page shows, and its filters; `services` are those that may be chosen, by slug."""
    in_sight = [
        div(choice("service", "Service", state.service, {"": "Choose a service", **services}), class_="panel-row__wide"),
        day_field("from", "First day", state.first), day_field("to", "Last day", state.last),
    ]  # fmt: skip
    form = page_top.filters(state.AT, TITLE, in_sight, opened=not state.service)
    return page_top.heading(state.name or TITLE, LEAD, form, page_top.tags(state), problems=problems)


def sentence(_: ServiceState, value: Row) -> str:
    """The answer in one sentence with numbers: on screen, in files, and for those who listen."""
    came, walked = value["arrivals"], value["funnel"]["steps"]
    if not walked or not walked[0]["units"]:
        return NOBODY
    parts = []
    if came and came["arrivals"] is not None:
        share = formats.rate(came["arrivals"], came["start_page_sessions"])
        parts.append(
            f"of {formats.counted(came['start_page_sessions'], 'session')} at its start page, {share} arrived in the service"
        )
    if not starts.seen(value["status"]):
        return f"{formats.counted(walked[0]['units'], 'session')} saw its start page; what follows in the service isn't shared by {value['department']}."
    finished = formats.rate(walked[-1]["units"], walked[0]["units"])
    parts.append(f"{finished} of those at {walked[0]['name']} reached {walked[-1]['name']} in the same visit")
    if drop := inside(value):
        stopped = formats.rate(drop["drop_offs"], drop["units"])
        parts.append(f"inside the service most stop at {drop['name']}: {stopped} of those there")
    said = f"{'; '.join(parts)}."
    return said[:1].upper() + said[1:]


def inside(value: Row) -> Row | None:
    """The step past the first after which most stopped: at a start page most only read."""
    steps = value["funnel"]["steps"]
    known = [step for step in steps[1:-1] if step["drop_offs"]]
    return max(known, key=lambda step: step["drop_offs"], default=None)


def stretch_said(one: Row) -> str:
    """A bad stretch in one sentence."""
    days = formats.period(Period(formats.of_iso(one["first"]), formats.of_iso(one["last"])))
    return (
        f"{days}, on {one['device']}: {formats.share(one['share'])} went on from {one['name']} to {one['to']}, where "
        f"{formats.share(one['usual_share'])} do in other weeks. That is {formats.counted(one['lost'], 'session')} lost in "
        f"{formats.counted(one['weeks'], 'week')}."
    )


def answered(state: ServiceState, answer: Answer, returned: Answer, own: Collection[str], *, pictures: bool) -> Element:
    """Everything of the service, most telling first; `own` are the services that the viewer may look at."""
    value: Any = answer.value
    said = sentence(state, value)
    year: Any = returned.value
    seen = starts.seen(value["status"])
    top = leading(answer.about, said)
    if said == NOBODY:
        return div(top, page_top.elsewhere(state), _returned(state, year["rows"]), class_="answer")
    return div(
        top,
        [div(p(strong("A bad stretch. "), stretch_said(one)), class_="govuk-inset-text") for one in value["stretches"]],
        _glance(value),
        _inside(state, value, said, pictures=pictures)
        if seen
        else p(NOT_SHARED.format(value["department"]), class_="govuk-inset-text"),
        _came(state, value),
        _returned(state, year["rows"]),
        _similar(state, value, own),
        more("How this is counted", p(answer.about.definition)),
        class_="answer",
    )


def _inside(state: ServiceState, value: Row, said: str, *, pictures: bool) -> list[Child]:
    """What happens on the service's own pages."""
    return [
        _weeks(state, value, said, pictures=pictures), _funnel(state, value), _devices(value), _errors(state, value),
    ]  # fmt: skip


def _glance(value: Row) -> Element:
    """Arrivals, start clicks and ends, beside the same weekdays a year before."""
    came, steps, last = value["arrivals"], value["funnel"]["steps"], value["last_year"]
    before = value["arrivals_last_year"] or {}
    told = {
        "Sessions at its start pages": "start_page_sessions",
        "Start clicks": "start_clicks",
        "Arrivals": "arrivals",
        "Not seen arriving": "not_seen_arriving",
    }
    rows: list[list[Child]] = []
    if came:
        rows += [[said, _count(came[name]), _count(before.get(name))] for said, name in told.items()]
    if starts.seen(value["status"]):
        rows.append(
            [
                f"Reached {steps[-1]['name']} in the same visit",
                _count(steps[-1]["units"]),
                _count(last and last["counts"][-1]),
            ]
        )
    table = figures("At a glance", ["Measure", "These days", "A year before"], rows, numbers=frozenset({1, 2}))
    crossed = (
        "No change is computed where a definition break lies between. "
        if last and last["steps"][-1]["change"] is None
        else ""
    )
    return section(table, p(f"{crossed}{REFUSED}", class_="govuk-body-s"))


def _count(number: int | None) -> str:
    return formats.NO_VALUE if number is None else formats.whole(number)


def _weeks(state: ServiceState, value: Row, said: str, *, pictures: bool) -> Element:
    return section(
        h2(
            f"Reached {value['funnel']['steps'][-1]['name']} in the same visit, week by week, on mobile and on desktop",
            class_="govuk-heading-m",
        ),
        graph("service-weeks", picture.figure(value), f"{title(state)}. {said}", picture.HEIGHT),
        files(lambda kind: state.address(f"/files/service.{kind}"), pictures=pictures),
    )


def _funnel(state: ServiceState, value: Row) -> Element:
    """The funnel, and where those went who stopped at its biggest drop inside the service."""
    walked = value["funnel"]
    found = inside(value)
    return section(
        h2("Its funnel", class_="govuk-heading-m"),
        graph(
            "service-funnel",
            bars.figure(walked),
            f"Its funnel. {funnel.sentence(state.funnel(), walked)}",
            bars.height(walked),
        ),
        _went(state, found) if found else None,
        p(
            link("Times, exclusions, comparisons and files of this funnel", state.funnel().address()),
            class_="govuk-body",
        ),
    )


def _went(state: ServiceState, drop: Row) -> Element:
    rows = [
        [_page(state, one["to"]), _count(one["units"]), formats.rate(one["units"], drop["drop_offs"])]
        for one in drop["went"][:WENT]
    ]
    title = f"Where they went who stopped at {drop['name']}"
    return figures(title, ["Page", "Sessions", "Share"], rows, numbers=frozenset({1, 2}))


def _page(state: ServiceState, page: str) -> Child:
    return funnel.SAID.get(page) or link(formats.breakable(page), state.journeys(page).address())


def _devices(value: Row) -> Element:
    """How far each device came, step by step, as shares of its start."""
    groups = [one for one in value["devices"] if one["value"] in {"mobile", "desktop", "tablet"}]
    rows = [
        [step["name"], *(_share(one["steps"][place]["share_of_start"]) for one in groups)]
        for place, step in enumerate(value["funnel"]["steps"])
    ]
    head = ["Step", *(f"{one['value'].capitalize()} ({formats.whole(one['counts'][0])})" for one in groups)]
    return section(figures("How far each device came", head, rows, numbers=frozenset(range(1, len(head)))))


def _share(value: float | None) -> str:
    return formats.NO_VALUE if value is None else formats.share(value)


def _errors(state: ServiceState, value: Row) -> Element:
    rows = [
        [link(formats.breakable(one["page"]), state.journeys(one["page"]).address()), one["error"] or "No name", *(_count(one[name]) for name in ("errors", "sessions", "mobile", "desktop"))]
        for one in value["errors"]
    ]  # fmt: skip
    head = ["Page", "Error", "Times", "Sessions", "On mobile", "On desktop"]
    table = figures("Errors shown in the service", head, rows, numbers=frozenset(range(2, 6)))
    return section(
        table
        if rows
        else [h2("Errors shown in the service", class_="govuk-heading-m"), p(NO_ERRORS, class_="govuk-body")]
    )


def _came(state: ServiceState, value: Row) -> Element:
    """How people arrived at the start pages: by channel where they landed there, else the page before."""
    came = value["from"]
    channels = sorted((item for item in came["landings_by_channel"].items() if item[1]), key=lambda item: -item[1])
    landed = [
        [
            channel.capitalize() if channel[0].islower() else channel,
            formats.whole(number),
            formats.rate(number, came["page_views"]),
        ]
        for channel, number in channels
    ]
    pages = [
        [_page(state, one["page"]), _count(one["page_views"]), formats.rate(one["page_views"], came["page_views"])]
        for one in came["previous"]
    ]
    return section(
        figures("Landed on its start pages, by channel", ["Channel", "Landings", "Share of its views"], landed, numbers=frozenset({1, 2})),
        figures("Came to its start pages from these pages", ["Page", "Page views", "Share of its views"], pages, numbers=frozenset({1, 2})) if pages else None,
    )  # fmt: skip


def _returned(state: ServiceState, rows: Sequence[Row]) -> Element:
    """The four KPIs as it returned them."""
    row = next(iter(rows), None)
    to = link("Its months, and every other service", ServicesState(service=state.service).address())
    told = [[said, written(kpi, row[kpi])] for kpi, said in KPIS.items()] if row else []
    table = figures("Its four KPIs, the newest year", ["KPI", "Value"], told, numbers=frozenset({1}))
    return section(table if row else p("It has returned no KPIs.", class_="govuk-body"), p(to, class_="govuk-body"))


def _similar(state: ServiceState, value: Row, own: Collection[str]) -> Element | None:
    if not value["similar"]:
        return None
    rows: list[list[Child]] = [
        [
            link(one["name"], state.address(service=one["service"])) if one["service"] in own else one["name"],
            one["department"],
            _count(one["visit_starts"]),
            _share(one["same_visit_rate"]),
        ]
        for one in value["similar"]
    ]
    head = ["Service", "Department", "Sessions at its start pages", "Finished in the same visit"]
    return section(figures("Similar services of other departments", head, rows, numbers=frozenset({2, 3})))
