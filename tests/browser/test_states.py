"""Every page in every state that it has, looked at by axe-core, at every width, zoom and contrast."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from callbacks import assets
from tests.browser.watch import Watch

START = "/journeys?page=/vehicle-tax"
OPENED = f"{START}&open=1:/guidance/step-a,1:(other),1:(ended),2:(other)"
EMPTY = "/estate?from=2019-10-01&to=2019-10-07"  # days without data
STATES = {
    "front page": ("/", 200),
    "landing pages": ("/journeys", 200),
    "exit pages": ("/journeys?direction=backward", 200),
    "a page": (START, 200),
    "before a page": (f"{START}&direction=backward", 200),
    "opened nodes": (OPENED, 200),
    "filters set": (f"{START}&device=mobile&channel=social&exclude=/guidance/step-a&reloads=true", 200),
    "whole journeys": (f"{START}&paths=10", 200),
    "groups": ("/journeys?group=department", 200),
    "ten steps": (f"{START}&steps=10&top=8", 200),
    "two sides": (f"{START}&device=mobile&compare=device:desktop&open=1:/guidance/step-a,1:(ended)", 200),
    "pages that can not be read": ("/journeys?page=nonsense&exclude=service:nowhere", 400),
    "nothing to show": ("/journeys?page=/nobody-goes-here&device=mobile", 200),
    "wrong values": ("/journeys?page=/vehicle-tax&device=banana&db=x", 400),
    "not found": ("/nothing", 404),
    "estate": ("/estate", 200),
    "estate, filters set": ("/estate?measure=exit_rate&department=DfT&device=mobile&compare=none", 200),
    "estate, days without data": (EMPTY, 200),
    "estate, why it moved": ("/estate?from=2020-10-01&to=2020-10-01&measure=exit_rate&why=page", 200),
    "estate with wrong values": ("/estate?measure=happiness&from=x", 400),
    "alerts": ("/alerts", 200),
    "a new alert": ("/alerts/new", 200),
    "drop-offs": ("/drop-offs", 200),
    "drop-offs of a service, a release": (
        "/drop-offs?service=vehicle-tax&from=2020-10-01&to=2020-10-01&by=device&release=2020-10-01",
        200,
    ),
    "drop-offs with wrong values": ("/drop-offs?steps=/a&by=moon", 400),
    "notes": ("/annotations", 200),
    "a new note": ("/annotations/new", 200),
    "saved funnels": ("/funnels", 200),
    "a new funnel": ("/funnels/new?service=vehicle-tax", 200),
    "topics": ("/topics", 200),
    "a topic": ("/topics/driving?why=page", 200),
    "a topic with wrong values": ("/topics/driving?measure=happiness", 400),
    "a new topic": ("/topics/new?copy=driving", 200),
    "pages": ("/pages", 200),
    "one page": ("/page?page=/vehicle-tax", 200),
    "a page that nobody saw": ("/page?page=vehicle", 200),
    "handovers": ("/handovers", 200),
    "searches": ("/searches?sort=rising", 200),
    "handovers with wrong values": ("/handovers?device=banana", 400),
    "services": ("/services", 200),
    "my service": ("/service?service=vehicle-tax", 200),
    "review": ("/review", 200),
    "departments": ("/departments?focus=DfT", 200),
    "departments, over time": ("/departments?view=time&focus=DfT", 200),
    "departments, among limits, sorted": (
        "/departments?measure=exit_rate&view=limits&sort=department&order=ascending",
        200,
    ),
    "departments, apart by device": ("/departments?by=device&measure=exit_rate", 200),
    "departments with wrong values": ("/departments?measure=happiness&focus=x", 400),
    "coverage": ("/coverage", 200),
    "coverage with wrong values": ("/coverage?from=x", 400),
    "definitions": ("/definitions", 200),
    "accessibility": ("/accessibility", 200),
}
CHARTED = ("/estate", "/departments", "/coverage", "/pages", "/handovers", "/drop-offs?service=vehicle-tax")
WIDTHS = (1366, 1024, 660, 390, 320)  # nothing may be cut off at any of these
LOOKED_AT = {"desktop": (1366, 900), "400% of 1280 by 1024": (320, 256)}  # one on each side of the styles' one break


def settle(watch: Watch, address: str) -> None:
    if address == "/":
        watch.page.get_by_role("heading", name="You run a service").wait_for()
    if address != EMPTY and address.startswith(
        ("/coverage", "/departments", "/drop-offs?service", "/estate", "/topics/driving")
    ):
        watch.page.locator("#figures .main-svg").first.wait_for()
    if address.startswith(("/page", "/handovers", "/searches", "/service", EMPTY)):
        watch.page.locator("#figures .answer__sentence").first.wait_for()


@pytest.mark.parametrize("state", STATES)
def test_no_state_has_a_violation_or_scrolls_sideways(watch: Watch, state: str) -> None:
    address, status = STATES[state]
    watch.open(address, status)
    settle(watch, address)
    for wide in WIDTHS:
        watch.page.set_viewport_size({"width": wide, "height": 844})
        assert watch.page.evaluate("() => document.documentElement.scrollWidth") <= wide, (
            f"{state} is wider than {wide}"
        )
    for name, (wide, high) in LOOKED_AT.items():
        watch.page.set_viewport_size({"width": wide, "height": high})
        watch.accessible(f"{state}, {name}")


def test_the_styles_break_once_and_never_by_height() -> None:
    """Two sizes looked at by axe stand for all, as long as this holds."""
    styles = (Path(assets.FOLDER) / "estate.css").read_text()
    assert re.findall(r"@media[^{]*(?:width|height)[^{]*", styles) == ["@media (max-width: 40.0525em) "]


@pytest.mark.parametrize("state", ["opened nodes", "two sides", "wrong values", "coverage"])
def test_forced_colours_keep_every_state_readable(watch: Watch, state: str) -> None:
    address, status = STATES[state]
    watch.open(address, status)
    settle(watch, address)
    for scheme in ("dark", "light"):
        watch.page.emulate_media(forced_colors="active", color_scheme=scheme)
        watch.accessible(f"{state}, forced colours, {scheme}")


def test_menus_and_options_that_are_open_have_no_violation(watch: Watch) -> None:
    watch.open(START)
    watch.page.get_by_text("More options").click()
    finder = watch.page.get_by_role("combobox", name="Page", exact=True)
    finder.fill("guidance")
    expect(watch.page.get_by_role("listbox").get_by_role("option")).to_have_count(10)
    watch.accessible("a list of pages")
    finder.fill("nobody-goes-here")
    expect(watch.page.get_by_text("No page has this in its name").first).to_be_visible()
    watch.accessible("no page found")


def test_a_phone_shows_the_answer_first_and_unfolds_menu_and_filters(watch: Watch) -> None:
    watch.page.set_viewport_size({"width": 390, "height": 844})
    watch.open("/estate")
    settle(watch, "/estate")
    said, journeys = (
        watch.page.locator(".answer__sentence"),
        watch.page.get_by_role("link", name="Journeys", exact=True),
    )
    expect(said).to_be_in_viewport()
    expect(journeys.first).not_to_be_visible()
    expect(watch.page.get_by_label("First day")).not_to_be_visible()
    for name in ("Menu", "Filters"):
        watch.page.get_by_text(name, exact=True).focus()
        watch.page.keyboard.press("Enter")
    expect(journeys.first).to_be_visible()
    expect(watch.page.get_by_label("First day")).to_be_visible()
    watch.accessible("menu and filters, unfolded")


OUTSIDE = """() => [...document.querySelectorAll("[data-drawn]")].filter((place) => place.checkVisibility()).flatMap((place) => {
  const { left, right } = place.getBoundingClientRect();
  const words = [...place.querySelectorAll("text")].filter((text) => text.textContent && text.checkVisibility());
  const boxes = words.map((text) => [text.textContent, text.getBoundingClientRect()]);
  return boxes.filter(([, box]) => box.left < left - 1 || box.right > right + 1).map(([said]) => `${place.id}: ${said}`);
})"""


@pytest.mark.parametrize("address", CHARTED)
def test_no_words_of_a_chart_run_out_of_it_on_a_phone(watch: Watch, address: str) -> None:
    watch.page.set_viewport_size({"width": 390, "height": 844})
    watch.open(address)
    watch.page.locator("[data-drawn] .main-svg").first.wait_for()
    expect(watch.page.locator("[data-figure]:not([data-drawn]):visible")).to_have_count(0)
    assert watch.page.evaluate(OUTSIDE) == []


LONG_NAME = """() => {
  const [place] = document.querySelectorAll("[data-figure]");
  const figure = JSON.parse(place.dataset.figure);
  const name = "Your partner&#x27;s details &amp; yours, &quot;Apply for Marriage Allowance&quot;, before Confirm your email address";
  figure.layout.annotations = [{ text: name, x: 0, xref: "paper", xanchor: "left", y: 1, yref: "paper", showarrow: false }];
  place.dataset.figure = JSON.stringify(figure);
}"""


def test_a_name_that_a_phone_cuts_is_read_as_it_was_written(watch: Watch) -> None:
    watch.open("/estate")
    watch.page.locator("[data-drawn] .main-svg").first.wait_for()
    watch.page.evaluate(LONG_NAME)
    watch.page.set_viewport_size({"width": 390, "height": 844})
    cut = watch.page.locator("[data-drawn] .annotation-text").first
    expect(cut).to_have_text(re.compile("^Your partner's details & yours, .*…$"))


def test_a_person_who_may_not_see_figures_is_told_why(watch: Watch) -> None:
    watch.open("/coverage")
    watch.expected |= {403, 401}
    watch.page.get_by_label("Looking as").select_option("operator")
    watch.page.get_by_role("button", name="Switch").click()
    watch.open("/journeys", 403)
    expect(watch.page.locator("main")).to_contain_text("sees coverage and no figures")
    watch.accessible("forbidden")


def test_an_answer_that_is_waited_for_shows_its_shape(watch: Watch) -> None:
    watch.page.route(re.compile("journeys.answer"), lambda _: None)
    watch.page.goto(START)
    expect(watch.page.locator("h1")).to_have_text("Where people go after /vehicle-tax")
    expect(watch.page.locator(".bone--node").first).to_be_visible()
    watch.accessible("waiting")


def test_what_comes_moves_nothing_that_was_there(watch: Watch) -> None:
    watch.page.goto(START)
    before = watch.page.locator("#filters").bounding_box()
    watch.settled()
    assert watch.page.locator("#filters").bounding_box() == before
