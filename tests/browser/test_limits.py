"""What is measured in the browser: bytes of a first load, milliseconds from a press to its columns, and our own plotly.js."""

import hashlib
import statistics
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from callbacks import assets
from layouts.theme import GRAPH_CONFIG
from tests.browser.watch import Watch

START = "/journeys?page=/vehicle-tax"
MOST_BYTES = 900_000
MOST_MILLISECONDS = 100
MOST_TO_DRAWN = 300
DRAWN = (
    "/estate", "/estate?measure=exit_rate", "/estate?device=mobile", "/departments", "/departments?view=time",
    "/departments?view=limits&measure=exit_rate", "/departments?view=past",
)  # fmt: skip
NODES = 8  # each is opened and closed in each round
ROUNDS = 6  # the quickest of each counts: other work on the machine isn't ours
VENDOR = Path(assets.FOLDER) / "vendor"


def loaded(page: Page, address: str, charts: int) -> tuple[int, list[str]]:
    """Bytes on the wire and the addresses asked for, from nothing cached until nothing more is asked."""
    wire, asked = [], []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda done: wire.append(done["encodedDataLength"]))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address, wait_until="networkidle")
    if charts:  # on a busy machine nothing may be asked for a while before they come
        page.locator(".main-svg").first.wait_for()
    return round(sum(wire)), asked


@pytest.mark.parametrize(("address", "charts"), [("/journeys", 0), (START, 0), ("/coverage", 1), ("/estate", 1)])
def test_a_first_load_is_at_most_900_kilobytes_and_brings_our_plotly_only_where_a_chart_is(
    watch: Watch, address: str, charts: int, record_property: Any
) -> None:
    size, asked = loaded(watch.page, address, charts)
    record_property("bytes", size)
    print(f"{address}: {size:,} bytes in {len(asked)} requests")  # noqa: T201 - a measurement is for people
    assert 10_000 < size <= MOST_BYTES
    plotly = [one for one in asked if "plotly" in one]
    assert plotly == [f"{watch.base_url}{assets.address('vendor/plotly.js')}"] * charts
    assert watch.page.locator(".main-svg").count() >= charts


@pytest.mark.alone
@pytest.mark.parametrize("address", [START, f"{START}&device=mobile&compare=device:desktop"])
def test_a_press_draws_the_columns_again_within_100_milliseconds(watch: Watch, address: str) -> None:
    watch.open(address)
    watch.press(watch.button(1, "step-a"))
    watch.press(watch.button(1, "step-a"))
    rounds: list[list[float]] = []
    while len(rounds) < ROUNDS and (not rounds or slowest(rounds) > MOST_MILLISECONDS):
        watch.page.evaluate("() => performance.clearMeasures()")
        for number in range(NODES):
            node = watch.page.locator("button.node").nth(number)
            watch.press(node)
            watch.press(node)
        rounds.append(watch.durations())
    print(f"press to columns, 95th percentile: {slowest(rounds):.0f} ms after {len(rounds)} rounds")  # noqa: T201 - as above
    assert slowest(rounds) <= MOST_MILLISECONDS


@pytest.mark.alone
def test_a_page_is_drawn_within_300_milliseconds(watch: Watch) -> None:
    """From asking for the page to all that is in sight, with what browsers keep kept."""
    rounds: list[list[float]] = []
    while len(rounds) < 2 * ROUNDS and (not rounds or slowest(rounds) > MOST_TO_DRAWN):
        rounds.append([drawn(watch.page, address) for address in DRAWN])
    print(f"page to everything in sight drawn, 95th percentile: {slowest(rounds):.0f} ms after {len(rounds)} rounds")  # noqa: T201 - as above
    assert slowest(rounds) <= MOST_TO_DRAWN


def drawn(page: Page, address: str) -> float:
    """Milliseconds from asking for a page to everything in sight drawn."""
    page.goto(address)
    page.locator("#figures .main-svg").first.wait_for()
    for _ in range(500):
        if found := page.evaluate("() => performance.getEntriesByName('drawn')[0]?.duration"):
            return float(found)
        page.wait_for_timeout(10)
    raise AssertionError("Not everything in sight was drawn within 5 seconds")


def slowest(rounds: list[list[float]]) -> float:
    """The 95th percentile of the presses, each at its quickest."""
    quickest: list[float] = [min(presses) for presses in zip(*rounds, strict=True)]
    return statistics.quantiles(quickest, n=20)[-1]


@pytest.mark.parametrize(
    ("name", "kinds"), [("plotly.js", ("bar", "scatter")), ("flows.js", ("bar", "scatter", "heatmap", "sankey"))]
)
def test_our_plotly_draws_under_the_policy_and_offers_to_send_nothing(
    watch: Watch, name: str, kinds: tuple[str, ...]
) -> None:
    watch.open("/coverage")
    more = {"sankey": {"node": {"label": ["a", "b"]}, "link": {"source": [0], "target": [1], "value": [1]}}}
    shown = [
        {"data": [{"type": kind, **more.get(kind, {})}], "layout": {"title": {"text": kind}}, "config": GRAPH_CONFIG}
        for kind in kinds
    ]
    buttons: int = watch.page.evaluate(
        """async ([address, figures]) => {
            await new Promise((done) => { const script = document.createElement("script"); script.src = address; script.onload = done; document.body.append(script); });
            for (const figure of figures) await Plotly.newPlot(document.body.appendChild(document.createElement("div")), figure);
            return document.querySelectorAll(".modebar-btn").length;
        }""",
        [assets.address(f"vendor/{name}"), shown],
    )
    assert buttons == 0
    assert watch.page.locator("body > .js-plotly-plot").count() == len(shown)


@pytest.mark.parametrize("name", ["govuk.css", "page.js", "plotly.js", "flows.js", "autocomplete.css"])
def test_what_a_browser_unpacks_is_what_was_built(watch: Watch, name: str) -> None:
    watch.open("/definitions")
    found: dict[str, str] = watch.page.evaluate(
        """async (address) => {
            const answer = await fetch(address);
            const hash = await crypto.subtle.digest("SHA-256", await answer.arrayBuffer());
            return { encoding: answer.headers.get("content-encoding"), hash: [...new Uint8Array(hash)].map((one) => one.toString(16).padStart(2, "0")).join("") };
        }""",
        assets.address(f"vendor/{name}"),
    )
    assert found == {"encoding": "br", "hash": hashlib.sha256((VENDOR / name).read_bytes()).hexdigest()}
