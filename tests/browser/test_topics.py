"""A topic made with a keyboard alone: its lines are tried as they are typed, then it is kept, used, deleted, brought back."""

from playwright.sync_api import expect

from tests.browser.watch import Watch


def test_a_topic_is_made_with_a_keyboard_alone(watch: Watch) -> None:
    watch.open("/topics")
    page, press = watch.page, watch.page.keyboard.press
    page.get_by_role("button", name="Make a topic").focus()
    press("Enter")
    page.get_by_label("Name").focus()
    page.keyboard.type("Steps of guidance")
    for _ in range(2):
        press("Tab")
    page.keyboard.type("/guidance/step-a\n/guidance/*\n/nowhere")
    found = page.locator(".tried")
    expect(found).to_contain_text("/nowhere no page")
    expect(found).to_contain_text("/guidance/step-a 1 page")
    expect(found).to_contain_text("Together: 23 pages")
    watch.accessible("a topic that is tried")
    for _ in range(5):  # taxons, guides, document types, who may see it, save
        press("Tab")
    expect(page.get_by_role("button", name="Save")).to_be_focused()
    press("Enter")
    expect(page.locator("h1")).to_have_text("Steps of guidance")
    page.get_by_role("button", name="Delete it").focus()
    press("Enter")
    expect(page.get_by_role("region", name="Deleted")).to_contain_text("Steps of guidance was deleted")
    watch.accessible("a topic that was deleted")
    page.get_by_role("button", name="Undo").focus()
    press("Enter")
    expect(page.locator("h1")).to_have_text("Steps of guidance")
    page.get_by_role("button", name="Journeys from its pages").click()
    watch.settled()
    expect(page.locator("#message")).to_contain_text("sessions that saw")


def test_a_topic_without_lines_is_told_at_the_field(watch: Watch) -> None:
    watch.open("/topics/new")
    watch.expected.add(400)
    watch.page.get_by_label("Name").fill("Nothing")
    watch.page.get_by_role("button", name="Save").click()
    expect(watch.page.get_by_role("alert")).to_contain_text("Pages should have at least one line")
    watch.page.get_by_role("link", name="Pages should have at least one line").click()
    expect(watch.page.get_by_label("Pages")).to_be_focused()
    watch.accessible("a topic without lines")
