"""A five-step funnel is built from nothing by mouse, and by keyboard alone; it is tried, moved about, kept and shared."""

from playwright.sync_api import expect

from tests.browser.watch import Watch

HOST = "www.vehicletax.service.gov.uk"
STEPS = ("/vehicle-tax", f"{HOST}/start", f"{HOST}/details", f"{HOST}/pay", f"{HOST}/done")


def test_a_five_step_funnel_is_built_by_mouse(watch: Watch) -> None:
    watch.open("/drop-offs")
    page = watch.page
    page.get_by_role("link", name="Build a funnel").click()
    for n, pages in enumerate(STEPS[:4], 1):
        if n > 2:
            page.get_by_role("button", name="Add a step").click()
        page.locator(f"#field-pages-{n}").fill(pages)
    page.go_back()
    page.go_forward()  # nothing is sent twice
    expect(page.locator("#field-pages-3")).to_have_value(STEPS[2])
    page.locator("#field-pages-4").fill(STEPS[3])
    expect(page.locator(".tried")).to_contain_text(f"{HOST}/pay 1 page")
    page.get_by_role("button", name=f"Add {HOST}/done").click()  # what people mostly open next
    expect(page.locator("#field-pages-5")).to_have_value(f"{HOST}/done")
    watch.accessible("a funnel that is built")
    page.get_by_role("button", name="Show it").click()
    page.locator("#figures .main-svg").first.wait_for()
    expect(page.locator(".answer__sentence")).to_contain_text(f"reached {HOST}/done")
    page.get_by_role("link", name="Change or save these steps").click()
    page.get_by_label("Name").fill("Tax a vehicle")
    page.get_by_label("Everybody who may see figures").check()
    page.get_by_role("button", name="Save").click()
    page.locator("#figures .main-svg").first.wait_for()
    shared = page.url
    page.locator("main").get_by_role("link", name="Saved funnels").click()
    page.get_by_role("link", name="Tax a vehicle").click()
    expect(page).to_have_url(shared)


def test_a_five_step_funnel_is_built_by_keyboard_alone(watch: Watch) -> None:
    watch.open("/funnels/new")
    page, press = watch.page, watch.page.keyboard.press
    page.locator("#field-pages-1").focus()
    for n, pages in enumerate(STEPS, 1):
        expect(page.locator(f"#field-pages-{n}")).to_be_focused()
        page.keyboard.type(pages)
        if n == 1:
            for _ in range(4):  # its name, optional, down
                press("Tab")
        elif n < len(STEPS):
            page.get_by_role("button", name="Add a step").focus()
            press("Enter")
    page.get_by_role("button", name="Up step 5").focus()
    press("Enter")
    expect(page.get_by_role("button", name="Up step 4")).to_be_focused()
    expect(page.locator("#field-pages-4")).to_have_value(STEPS[4])
    page.get_by_role("button", name="Down step 4").focus()
    press("Enter")
    expect(page.get_by_role("button", name="Down step 5")).to_have_count(0)
    expect(page.locator("#field-pages-5")).to_have_value(STEPS[4])
    page.locator("#field-name-1").focus()
    page.keyboard.type("Start")
    page.get_by_role("button", name="Show it").focus()
    press("Enter")
    page.locator("#figures .main-svg").first.wait_for()
    expect(page.locator(".answer__sentence")).to_contain_text("at Start")


def test_steps_that_can_not_be_used_are_told_at_the_step(watch: Watch) -> None:
    watch.open("/funnels/new")
    watch.expected.add(400)
    watch.page.locator("#field-pages-1").fill("regex:(")
    watch.page.locator("#field-pages-2").fill("/a")
    watch.page.get_by_role("button", name="Show it").click()
    expect(watch.page.get_by_role("alert")).to_be_visible()
    watch.page.get_by_role("alert").get_by_role("link").click()
    expect(watch.page.locator("#field-pages-1")).to_be_focused()
    watch.accessible("a funnel with a wrong step")
