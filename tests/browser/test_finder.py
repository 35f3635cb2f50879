"""Finding a page by keyboard: words are typed, an arrow chooses, Enter opens its profile."""

from playwright.sync_api import expect

from tests.browser.watch import Watch

PATIENCE = 20_000  # milliseconds, on however busy a machine


def test_a_page_is_found_by_words_and_opened_without_a_mouse(watch: Watch) -> None:
    watch.open("/pages")
    finder = watch.page.get_by_role("combobox", name="Find a page by words of its address or title")
    finder.focus()
    watch.page.keyboard.type("vehicle")
    expect(watch.page.get_by_role("listbox").get_by_role("option").first).to_contain_text(
        "Title of /vehicle-tax", timeout=PATIENCE
    )
    watch.accessible("pages found")
    watch.page.keyboard.press("ArrowDown")
    watch.page.keyboard.press("Enter")
    watch.page.wait_for_url("**/page?page=%2Fvehicle-tax")
    expect(watch.page.locator("h1")).to_have_text("How people use /vehicle-tax", timeout=PATIENCE)
    expect(watch.page.locator("#figures .answer__sentence").first).to_contain_text("began a session", timeout=PATIENCE)
    watch.page.go_back()
    expect(watch.page.locator("h1")).to_have_text("Pages with most page views", timeout=PATIENCE)


def test_words_that_are_typed_whole_offer_pages(watch: Watch) -> None:
    watch.open("/page")
    watch.page.get_by_role("combobox", name="Words of an address or title").fill("guidance")
    watch.page.get_by_role("button", name="Apply").click()
    watch.page.get_by_role("link", name="/guidance/step-a").click()
    expect(watch.page.locator("h1")).to_have_text("How people use /guidance/step-a", timeout=PATIENCE)
