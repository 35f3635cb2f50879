"""A person looks at journeys: with a mouse, with a keyboard alone, back and forward, with a copied address."""

import itertools
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from layouts.formats import counted
from tests.browser.watch import Watch, numbers

START = "/journeys?page=/vehicle-tax"


def columns(page: Page) -> list[dict[str, int]]:
    """The sessions that each column shows: of pages, other pages and hidden ones together, and of what ended."""
    found = []
    for step in page.locator(".step").all():
        going = numbers(step.locator(".node:not(.node--ended) .node__count").all_inner_texts())
        ended = numbers(step.locator(".node--ended .node__count").all_inner_texts())
        found.append({"going": sum(going), "ended": sum(ended)})
    return found


@pytest.mark.parametrize("address", [
    "/journeys", "/journeys?direction=backward", START, f"{START}&direction=backward&occurrence=last", f"{START}&device=mobile",
    f"{START}&top=3&steps=6", f"{START}&reloads=true&steps=10", "/journeys?page=/guidance/*", f"{START}&exclude=/guidance/step-a",
])  # fmt: skip
def test_every_column_adds_up_to_the_one_before_it(watch: Watch, address: str) -> None:
    watch.open(address)
    found = columns(watch.page)
    assert len(found) > 1
    assert found[0]["going"] > 0
    for before, after in itertools.pairwise(found):
        assert before["going"] == after["going"] + after["ended"]


@pytest.mark.parametrize("person", ["analyst-dft", "service-owner-hmrc"])
def test_columns_add_up_for_those_who_may_not_see_every_page(watch: Watch, person: str) -> None:
    watch.open("/journeys")
    watch.page.get_by_label("Looking as").select_option(person)
    watch.page.get_by_role("button", name="Switch").click()
    watch.open(START)
    found = columns(watch.page)
    assert all(a["going"] == b["going"] + b["ended"] for a, b in itertools.pairwise(found))
    seen = "www.tax.service.gov.uk" in watch.page.locator("#answer").inner_text()
    assert seen == (person == "service-owner-hmrc")


def test_a_page_is_opened_in_place_and_its_address_says_so(watch: Watch) -> None:
    watch.open(START)
    node = watch.button(1, "step-a")
    watch.press(node)
    expect(node).to_have_attribute("aria-expanded", "true")
    expect(node).to_be_focused()
    assert "open=1:/guidance/step-a" in watch.page.url
    panel = watch.page.locator(".nodes__item--open .panel")
    sessions = numbers([node.locator(".node__count").inner_text()])[0]
    assert sum(numbers(panel.locator(".panel__count").all_inner_texts())) == sessions
    assert f"Where these {counted(sessions, 'session')} went next" in panel.inner_text()
    watch.press(node)
    expect(node).to_have_attribute("aria-expanded", "false")
    expect(node).to_be_focused()


def test_other_pages_are_listed_in_place_page_by_page(watch: Watch) -> None:
    watch.open(f"{START}&top=3")
    watch.press(watch.page.locator(".node--other").first)
    rows = watch.page.locator(".panel__row")
    first = rows.count()
    assert first == 11  # ten pages, and all smaller ones together
    more = watch.page.get_by_role("button", name=re.compile(r"Show \d+ more"))
    watch.press(more)
    assert rows.count() > first
    total = numbers(watch.page.locator(".nodes__item--open .node__count").all_inner_texts())[0]
    assert sum(numbers(watch.page.locator(".panel__count").all_inner_texts())) == total


def test_what_ended_says_how(watch: Watch) -> None:
    watch.open(START)
    watch.press(watch.page.locator(".node--ended").first)
    panel = watch.page.locator(".panel")
    expect(panel).to_contain_text("Nothing more seen")
    expect(panel).to_contain_text("Downloaded")
    expect(panel).to_contain_text("Clicked out to www.example.org")


def test_an_opened_page_becomes_the_start_and_back_and_forward_work(watch: Watch) -> None:
    watch.open(START)
    watch.press(watch.button(1, "step-a"))
    opened = watch.page.url
    before = watch.redraws()
    watch.page.get_by_role("link", name="Start from this page").click()
    watch.redrawn(before)
    expect(watch.page.locator("h1")).to_have_text("Where people go after /guidance/step-a")
    expect(watch.page.locator("h1")).to_be_focused()
    expect(watch.page).to_have_title("Where people go after /guidance/step-a – GOV.UK estate performance")
    expect(watch.page.get_by_role("combobox", name="Page")).to_have_value("/guidance/step-a")
    watch.page.go_back()
    expect(watch.page.locator("h1")).to_have_text("Where people go after /vehicle-tax")
    expect(watch.page.locator(".nodes__item--open")).to_have_count(1)
    assert watch.page.url == opened
    watch.page.go_back()
    expect(watch.page.locator(".nodes__item--open")).to_have_count(0)
    watch.page.go_forward()
    watch.page.go_forward()
    expect(watch.page.locator("h1")).to_have_text("Where people go after /guidance/step-a")


def test_the_menu_of_a_page_leaves_it_out_and_back_brings_it_back(watch: Watch) -> None:
    watch.open(START)
    watch.press(watch.button(1, "step-a"))
    menu = watch.page.get_by_role("list", name="What you can do with this page")
    expect(menu.get_by_role("link")).to_have_count(6)
    before = watch.redraws()
    menu.get_by_role("link", name="Leave this page out").click()
    watch.redrawn(before)
    assert watch.page.url.endswith("exclude=/guidance/step-a")
    expect(watch.page.get_by_role("link", name="Remove Pages left out: /guidance/step-a")).to_be_visible()
    expect(watch.page.locator(".step button.node").filter(has_text="step-a")).to_have_count(0)
    watch.page.go_back()
    expect(watch.button(1, "step-a")).to_have_attribute("aria-expanded", "true")


def test_more_steps_come_in_place_and_only_what_changed_is_drawn_again(watch: Watch) -> None:
    watch.open(START)
    columns_before = watch.page.locator(".step").count()
    watch.press(watch.page.get_by_role("button", name="More steps"))
    assert "steps=6" in watch.page.url
    assert watch.page.locator(".step").count() > columns_before
    watch.page.evaluate("() => { window.kept = document.querySelector('#numbers'); }")
    watch.press(watch.button(1, "step-a"))
    assert watch.page.evaluate("() => window.kept.isConnected")


def test_two_sides_stand_in_one_picture_with_a_plain_word_for_each_difference(watch: Watch) -> None:
    watch.open(f"{START}&device=mobile&compare=device:desktop")
    expect(watch.page.locator("#message")).to_contain_text(re.compile("^The biggest difference"))
    nodes = watch.page.locator(".step").nth(1).locator("button.node")
    words = [text.split("\n")[-1] for text in nodes.locator(".beside").all_inner_texts()]
    assert len(words) == nodes.count()
    assert set(words) <= {"higher", "lower", "could be chance", "too few days to tell"}
    heard = re.compile(r"step 1, \d+ sessions?, [\d.]+% ?, [\d.]+% desktop ?, ")
    assert watch.page.get_by_role("button", name=heard).count() > 1
    sessions = watch.page.locator(".step__count").all_inner_texts()
    assert all("desktop" in text for text in sessions)


def test_a_copied_address_shows_a_colleague_the_same(watch: Watch, browser: Browser) -> None:
    watch.open(f"{START}&device=mobile")
    watch.press(watch.button(1, "step-a"))
    shown = watch.page.locator("#answer").inner_text()
    colleague = browser.new_page()
    colleague.goto(watch.page.url)
    colleague.locator("#answer:not([aria-busy])").wait_for()
    assert colleague.locator("#answer").inner_text() == shown
    colleague.close()


def test_filters_are_applied_shown_as_tags_and_taken_away_without_loading_the_page_again(watch: Watch) -> None:
    watch.open(START)
    watch.page.evaluate("() => { window.sameDocument = true; }")
    watch.page.get_by_text("More options").click()
    watch.page.get_by_label("Channel").select_option("social")
    before = watch.redraws()
    watch.page.get_by_role("button", name="Apply").click()
    watch.redrawn(before)
    assert watch.page.url.endswith("/journeys?page=/vehicle-tax&channel=social")
    tag = watch.page.get_by_role("link", name="Remove Channel: social")
    before = watch.redraws()
    tag.click()
    watch.redrawn(before)
    assert watch.page.url.endswith(START)
    expect(tag).to_have_count(0)
    assert watch.page.evaluate("() => window.sameDocument")


def test_wrong_values_that_are_applied_are_named_and_reached(watch: Watch) -> None:
    watch.open(START)
    watch.expected.add(400)
    watch.page.get_by_text("More options").click()
    watch.page.get_by_label("First day").fill("2020-10-02")
    watch.page.get_by_label("Last day").fill("2020-10-01")
    watch.page.get_by_role("button", name="Apply").click()
    summary = watch.page.get_by_role("alert")
    expect(summary).to_contain_text("Last day should not be before the first day")
    expect(watch.page.locator("#problems")).to_be_focused()
    expect(watch.page.locator("#answer .answer__sentence")).to_be_visible()


def test_the_whole_way_by_keyboard(watch: Watch) -> None:
    """From the top of the page: skip, find a page, apply, walk the columns, open, start from there, go back."""
    page, press = watch.page, watch.page.keyboard.press
    watch.open("/journeys")
    press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    press("Enter")
    while page.evaluate("() => document.activeElement.id") != "field-page":
        press("Tab")
    page.keyboard.type("vehicle-t", delay=20)
    page.get_by_role("option", name=re.compile("vehicle-tax Title of")).first.wait_for()
    press("ArrowDown")
    press("Enter")
    before = watch.redraws()
    press("Enter")
    watch.redrawn(before)
    expect(page.locator("h1")).to_have_text("Where people go after /vehicle-tax")
    while not page.evaluate("() => document.activeElement.matches('button.node')"):
        press("Tab")
    for key, step in (("ArrowRight", 1), ("ArrowDown", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("ArrowUp", 1)):
        press(key)
        assert (
            page.evaluate(
                "() => [...document.querySelectorAll('.step')].indexOf(document.activeElement.closest('.step'))"
            )
            == step
        )
    before = watch.redraws()
    name = page.evaluate("() => document.activeElement.querySelector('.node__name').textContent")
    press("Enter")
    watch.redrawn(before)
    assert page.evaluate("() => document.activeElement.getAttribute('aria-expanded')") == "true"
    assert page.locator("#announced").inner_text().startswith("Of ")
    while page.evaluate("() => document.activeElement.textContent") != "Start from this page":
        press("Tab")
    before = watch.redraws()
    press("Enter")
    watch.redrawn(before)
    expect(page.locator("h1")).to_have_text(f"Where people go after {name}")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Where people go after /vehicle-tax")


def test_a_screen_reader_hears_page_step_sessions_and_share(watch: Watch) -> None:
    watch.open(START)
    name = re.compile(r"step-a ?, step 1, \d+ sessions, \d+%$")
    expect(watch.page.get_by_role("button", name=name)).to_have_count(1)
    expect(watch.page.get_by_role("heading", level=3)).to_have_count(5)
    expect(watch.page.locator("svg.ribbons")).to_have_attribute("aria-hidden", "true")


def test_ribbons_join_the_bars_that_they_belong_to(watch: Watch) -> None:
    watch.open(START)
    paths = watch.page.locator(".ribbons path")
    assert paths.count() > 5
    watch.button(1, "step-a").hover()
    assert 0 < watch.page.locator(".ribbons path.chosen").count() < paths.count()


def test_files_carry_the_state_of_the_page(watch: Watch) -> None:
    watch.open(f"{START}&device=mobile")
    with watch.page.expect_download() as coming:
        watch.page.get_by_role("link", name="Table (CSV)").click()
    assert coming.value.suggested_filename == "journeys-vehicle-tax-2020-09-04-to-2020-10-01.csv"
    rows = coming.value.path().read_text("utf-8-sig").splitlines()
    shown = numbers(watch.page.locator(".step").first.locator(".node__count").all_inner_texts())[0]
    assert f",{shown}," in rows[1]


def test_when_the_server_is_gone_the_page_says_so(watch: Watch) -> None:
    watch.open(START)
    watch.page.route(re.compile("journeys.answer"), lambda route: route.abort())
    watch.button(1, "step-a").click()
    expect(watch.page.get_by_role("alert")).to_contain_text("The service can't be reached")
    watch.wrong.clear()
