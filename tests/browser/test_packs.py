"""A report pack made from a page: how far it is, the file, stopping it, and why there is none."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.watch import Watch

ONE_PAGE = "a[data-pack] >> nth=0"


def test_a_report_pack_says_how_far_it_is_and_comes_as_a_file_or_says_why_not(watch: Watch) -> None:
    watch.open("/estate")
    page = watch.page
    with page.expect_download() as download:
        page.locator(ONE_PAGE).click()
        expect(page.locator("progress")).to_be_visible()
        expect(page.locator("[data-told]")).to_contain_text(":")
        watch.accessible("a report pack under way")
    assert download.value.suggested_filename.startswith("estate-pack-2020-")
    assert Path(download.value.path()).read_text().endswith("</html>")
    expect(page.locator("[data-told]")).to_have_text(f"{download.value.suggested_filename} is made.")
    expect(page.locator("progress")).to_be_hidden()
    page.locator(ONE_PAGE).click()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("[data-told]")).to_have_text("Stopped. No report pack was made.")
    expect(page.locator("progress")).to_be_hidden()
    watch.expected.add(404)
    page.locator(ONE_PAGE).evaluate("(link) => { link.href = '/packs/estate.none'; }")
    page.locator(ONE_PAGE).click()
    expect(page.locator("[data-wrong] .govuk-error-summary")).to_contain_text("There is no such kind of report pack")
