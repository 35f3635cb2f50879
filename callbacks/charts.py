"""Every chart of the service: what it asks, and its faces. A new chart is one line here and gets every file for free."""

from dataclasses import replace
from typing import Final

from callbacks.chart import Chart
from layouts import (
    act,
    comparison,
    coverage,
    departments,
    estate,
    funnel,
    funnel_change,
    handovers,
    journeys,
    moved,
    overview,
    page,
    page_around,
    pages,
    reported,
    review,
    searches,
    service,
    service_state,
    services,
    services_state,
    topic,
    usage_state,
)
from layouts.figures import act as act_figure
from layouts.figures import coverage as coverage_figure
from layouts.figures import departments as departments_figure
from layouts.figures import funnel as funnel_figure
from layouts.figures import funnel_beside as beside_figure
from layouts.figures import handovers as handovers_figure
from layouts.figures import journeys as journeys_figure
from layouts.figures import moved as moved_figure
from layouts.figures import reported as reported_figure
from layouts.figures import review as review_figure
from layouts.figures import service as service_figure
from layouts.figures import services as services_figure
from layouts.figures import trend as trend_figure
from layouts.funnel_state import FunnelState
from layouts.journey_state import Journey
from layouts.notes import DROP_OFFS, JOURNEYS

_SERVICES: Final = (
    Chart(
        "service", "service", service_state.ServiceState, service_state.title, service_state.subject, service.sentence,
        lambda _, value: service_figure.figure(value), lambda state: (state.name,),
    ),
    Chart(
        "services", "services", services_state.ServicesState, services_state.title, services_state.subject, services.sentence,
        lambda state, value: services_figure.ranked(state.kpi, value),
    ),
    Chart(
        "service-months", "services", services_state.Months, services_state.months_title, services_state.subject,
        services.months_sentence, lambda state, value: services_figure.months(state.kpi, value),
    ),
)  # fmt: skip
_JOURNEYS: Final = Chart(
    "journeys", "explore", Journey, journeys.title, journeys.subject, journeys.sentence, journeys_figure.figure, shorthand=JOURNEYS,
)  # fmt: skip
_MOVES: Final = replace(_JOURNEYS, id="moves", table="links")  # every move between its steps, with its median time
_DROP_OFFS: Final = (
    Chart(
        "drop-offs", "funnel", FunnelState, funnel.title, funnel.subject, funnel.sentence,
        lambda _, value: funnel_figure.figure(value), shorthand=DROP_OFFS,
    ),
    Chart(
        "drop-offs-over-time", "funnel_trend", FunnelState, funnel_change.trend_title, funnel.subject, funnel_change.trend_sentence,
        lambda state, value: trend_figure.figure(funnel_change.RATE, funnel_change.of_step(state, value)),
        given=FunnelState.trend, shorthand=DROP_OFFS,
    ),
    Chart(
        "drop-offs-side-by-side", "funnel_groups", FunnelState, funnel_change.beside_title, funnel.subject, funnel_change.beside_sentence,
        lambda state, value: beside_figure.groups(value, funnel_change.shown_step(state, value)),
        given=FunnelState.groups, shorthand=DROP_OFFS,
    ),
    Chart(
        "drop-offs-release", "funnel_release", FunnelState, funnel_change.release_title, funnel.subject, funnel_change.release_sentence,
        lambda _, value: beside_figure.release(value), given=FunnelState.released, shorthand=DROP_OFFS,
    ),
)  # fmt: skip
_REVIEW: Final = (
    Chart(
        "review", "review", review.Reviewed, lambda _: review.TITLE, review.subject,
        lambda _, value: review.sentence(value), lambda _, value: review_figure.figure(value),
    ),
    Chart(
        "act", "act", review.Reviewed, lambda _: act.TITLE, review.subject, lambda _, value: act.sentence(value),
        lambda _, value: act_figure.figure(value),
    ),
    Chart(
        "why", "drivers", moved.Moved, moved.title, moved.subject, moved.sentence,
        lambda state, value: moved_figure.figure(state.measure, value),
    ),
)  # fmt: skip
_TRENDS: Final = (
    Chart(
        "departments", "departments", comparison.Comparison, comparison.title, comparison.subject, departments.sentence,
        departments_figure.figure,
    ),
    Chart(
        "estate", "trend", overview.Overview, overview.title, overview.subject, estate.sentence,
        lambda state, value: trend_figure.figure(state.measure, value),
    ),
    Chart(
        "topic", "trend", topic.Topical, overview.title, topic.subject, estate.sentence,
        lambda state, value: trend_figure.figure(state.measure, value),
    ),
)  # fmt: skip
_COVERAGE: Final = (
    Chart(
        "coverage", "coverage", coverage.Covered, lambda _: coverage.TITLE, coverage.subject,
        lambda _, value: coverage.sentence(value), lambda _, value: coverage_figure.figure(value),
    ),
    Chart(
        "reported", "reported", reported.Totals, reported.title, reported.subject, reported.sentence, reported_figure.figure,
        lambda state: (f"Department: {state.department}",) if state.department else (), table="days",
    ),
)  # fmt: skip
_PAGES: Final = (
    Chart("pages", "pages", usage_state.Pages, pages.title, pages.subject, pages.sentence, pages.figure, given=usage_state.Usage.every),
    Chart("page", "next_pages", usage_state.Page, page_around.title, page.subject, page_around.sentence, page_around.figure),
    Chart(
        "page-trend", "trend", usage_state.Page, page.trend_title, page.trend_subject, estate.sentence,
        lambda state, value: trend_figure.figure(state.measure, value),
    ),
)  # fmt: skip
_HANDOVERS: Final = (
    Chart(
        "handovers", "handovers", usage_state.Handovers, handovers.title, handovers.subject, handovers.sentence,
        lambda _, value: handovers_figure.figure(value), given=usage_state.Usage.every,
    ),
    Chart(
        "handover-flows", "handovers", usage_state.Handovers, handovers.flows_title, handovers.subject, handovers.sentence,
        lambda _, value: handovers_figure.flows(value), given=usage_state.Usage.every,
    ),
    Chart(
        "searches", "terms", usage_state.Searches, searches.title, searches.subject, searches.sentence, searches.figure,
        given=usage_state.Usage.every,
    ),
)  # fmt: skip
_ALL: Final = (*_SERVICES, _JOURNEYS, _MOVES, *_DROP_OFFS, *_REVIEW, *_TRENDS, *_COVERAGE, *_PAGES, *_HANDOVERS)
CHARTS: Final = {chart.id: chart for chart in _ALL}
