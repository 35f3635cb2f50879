"""Where a person is on a page: told when figures have come, kept by sorting and by going back, and never left waiting for ever."""

from playwright.sync_api import Page, expect

from tests.browser.watch import Watch


def test_figures_are_announced_and_sorting_and_going_back_keep_the_place(watch: Watch) -> None:
    page = watch.page
    watch.open("/departments")
    expect(page.locator("#announced")).not_to_be_empty()
    page.get_by_label("Compared with").select_option("year")
    page.get_by_role("link", name="Sort by Rank").press("Enter")
    expect(page.get_by_role("link", name="Sort by Rank")).to_be_focused()
    expect(page.get_by_role("link", name="Sort by Rank")).to_be_in_viewport()
    page.go_back()
    expect(page.get_by_label("Compared with")).to_have_value("previous")  # as the figures are, not as was chosen since
    expect(page.get_by_role("link", name="Sort by Rank")).to_be_in_viewport()


def test_a_server_that_is_gone_is_said_in_the_place_of_figures(page: Page) -> None:
    page.route("**/_dash-update-component*", lambda route: route.abort())
    page.goto("/estate")
    expect(page.get_by_text("The service can't be reached")).to_be_visible()
    expect(page.locator("#figures .govuk-error-summary")).to_be_focused()
