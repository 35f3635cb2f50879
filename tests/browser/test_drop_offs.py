"""Drop-offs in the browser: devices, then departments, are compared, and the address shows a colleague the same."""

from playwright.sync_api import expect

from tests.browser.watch import Watch

OF_TWO = "Seen: /guidance/** | www.vehicletax.service.gov.uk/start > Next: **"
STEPS = "Guide: /vehicle-tax > Start: www.vehicletax.service.gov.uk/start > Done: www.vehicletax.service.gov.uk/done"


def test_devices_and_departments_are_compared_and_the_address_is_shared(watch: Watch) -> None:
    watch.open("/drop-offs?service=vehicle-tax")
    page = watch.page
    page.get_by_role("search").get_by_text("More options").click()
    page.get_by_label("Steps of your own").fill(STEPS)
    page.get_by_label("Side by side").select_option("device")
    page.get_by_role("button", name="Apply").click()
    beside = page.locator("section:has(> #side-by-side) > p.govuk-body")
    expect(beside).to_contain_text("went on to")
    expect(page.get_by_role("link", name="Remove Side by side: Device")).to_be_visible()
    if not page.get_by_label("Side by side").is_visible():  # what is set stands open
        page.get_by_role("search").get_by_text("More options").click()
    page.get_by_label("Steps of your own").fill(OF_TWO)
    page.get_by_label("Side by side").select_option("department")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("link", name="Remove Side by side: Department")).to_be_visible()
    expect(beside).to_contain_text("of DfT")
    said, whole = beside.text_content(), page.locator(".answer__sentence").first.text_content()
    watch.accessible("drop-offs, side by side")
    watch.open(page.url.removeprefix(watch.base_url))
    expect(beside).to_have_text(said or "nothing")
    expect(page.locator(".answer__sentence").first).to_have_text(whole or "nothing")
