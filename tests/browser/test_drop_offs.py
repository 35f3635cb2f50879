"""Drop-offs in the browser: a funnel is compared by device and the days before, and its address shows a colleague the same."""

from playwright.sync_api import expect

from tests.browser.watch import Watch

STEPS = "Guide: /vehicle-tax > Start: www.vehicletax.service.gov.uk/start > Done: www.vehicletax.service.gov.uk/done"


def test_devices_are_compared_and_the_address_is_shared(watch: Watch) -> None:
    watch.open("/drop-offs?service=vehicle-tax")
    page = watch.page
    page.get_by_text("More options").click()
    page.get_by_label("Steps of your own").fill(STEPS)
    page.get_by_label("Side by side").select_option("device")
    page.get_by_role("button", name="Apply").click()
    beside = page.locator("section:has(> #side-by-side) > p.govuk-body")
    expect(beside).to_contain_text("went on to")
    expect(page.get_by_role("link", name="Remove Side by side: Device")).to_be_visible()
    said, whole = beside.text_content(), page.locator(".answer__sentence").first.text_content()
    watch.accessible("drop-offs, side by side")
    watch.open(page.url.removeprefix(watch.base_url))
    expect(beside).to_have_text(said or "nothing")
    expect(page.locator(".answer__sentence").first).to_have_text(whole or "nothing")
