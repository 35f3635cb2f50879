"""Saved funnels: built step by step, tried, kept, changed, shared by address, deleted and brought back, by those who may."""

from html import escape
from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest

from data import errors
from data.access import PEOPLE
from layouts import funnel_of
from layouts.funnel_form import Draft, StepDraft
from layouts.journey_state import Journey
from layouts.markup import render
from queries.funnels import saved_funnels
from queries.funnels.funnel_text import of_service
from tests.test_web_pages import words
from tests.test_web_topics import send
from tests.web import asked, get

STEPS = ("/vehicle-tax", "/vehicle-tax/renew")


def form(*pages: str, **more: Any) -> dict[str, Any]:
    steps = {f"pages-{n}": page for n, page in enumerate(pages, 1)}
    return {"count": len(pages), **steps, "name": "Tax", "seen_by": "everyone", "act": "save", **more}


def saved(*pages: str, person: str = "analyst-dft", **more: Any) -> str:
    answer = send("/funnels/new", person, **form(*(pages or STEPS), **more))
    assert answer.status_code == 303, words(answer.text)
    return str(answer.headers["Location"])


def revision(address: str, person: str = "analyst-dft") -> int:
    return saved_funnels.shelf(asked().real).find(PEOPLE[person], address.rpartition("/")[2]).revision


def test_a_saved_funnel_leads_to_its_drop_offs_by_one_address() -> None:
    address = saved(name="Tax a car", window="600", exclude="/help, /help/**")
    shown = unquote(get(address, "service-owner-hmrc").headers["Location"])
    assert shown == "/drop-offs?steps=/vehicle-tax > /vehicle-tax/renew&window=600&exclude=/help,/help/**"
    assert get(shown).status_code == 200
    assert "Tax a car" in words(get("/funnels").text)


def test_a_saved_funnel_is_watched_from_its_drop_offs_whatever_their_days_and_changed_by_who_may() -> None:
    address = saved("/watched", "/watched/sent", name="Watched")
    shown = get(address).headers["Location"]
    for days in ("", "&from=2019-10-01&to=2019-10-02"):
        ways = get(f"{shown}{days}").text.partition('aria-label="Funnels"')[2].partition("</ul>")[0]
        assert f'href="/alerts/new?funnel={address.rpartition("/")[2]}"' in ways
        assert f'href="{address}/edit"' in ways
    other = get(shown, "service-owner-hmrc").text
    assert "Watch “Watched”" in words(other)
    assert "Change or save these steps" in words(other)
    assert "Watch “Watched”" not in words(get(f"{shown}&window=5").text)  # another funnel


def test_steps_are_named_and_may_be_optional() -> None:
    address = saved(*STEPS, "www.vehicletax.service.gov.uk/details", **{"name-1": "Start: here", "optional-2": "true"})
    shown = unquote(unquote(get(address).headers["Location"]))
    assert "steps=Start: here: /vehicle-tax > /vehicle-tax/renew (optional) > www" in shown


@pytest.mark.parametrize(("act", "pages", "focus"), [
    ("add", ["/a", "/b", "/c", ""], "pages-4"), ("add:/d", ["/a", "/b", "/c", "/d"], "pages-4"), ("up:2", ["/b", "/a", "/c"], "down-1"),
    ("down:2", ["/a", "/c", "/b"], "up-3"), ("down:1", ["/b", "/a", "/c"], "down-2"), ("remove:2", ["/a", "/c"], "pages-1"), ("up:1", ["/a", "/b", "/c"], ""),
    ("down:9", ["/a", "/b", "/c"], ""), ("nonsense", ["/a", "/b", "/c"], ""), ("remove:x", ["/a", "/b", "/c"], ""),
])  # fmt: skip
def test_the_buttons_of_the_form_change_the_steps_and_the_focus_follows(act: str, pages: list[str], focus: str) -> None:
    draft = Draft(tuple(StepDraft(pages=page) for page in ("/a", "/b", "/c"))).acted(act)
    assert [step.pages for step in draft.steps] == pages
    assert draft.focus == focus


def test_a_form_that_no_address_holds_is_shown_at_once() -> None:
    answer = send("/funnels/new", **form(*[f"/{'x' * 2_000}"] * 5, act="add"))
    assert (answer.status_code, answer.text.count('class="steps-made__step"')) == (200, 6)


def test_a_page_that_is_suggested_takes_the_first_empty_step_and_two_steps_always_stay() -> None:
    assert [step.pages for step in Draft().acted("add:/a").acted("add:/b").acted("add:/c").steps] == ["/a", "/b", "/c"]
    assert len(Draft().acted("remove:1").steps) == 2


def test_a_press_leads_to_the_form_with_what_was_typed_by_its_own_address_and_keeps_nothing() -> None:
    given = form(*STEPS, act="down:1", name="Nowhere kept", mode="open", window="60", **{"name-1": "Start"})
    answer = send("/funnels/new", **given)
    assert answer.status_code == 303
    page = get(answer.headers["Location"], "analyst-dft").text
    draft = Draft.typed(given | {"count": "2"}).acted("down:1")
    assert Draft.typed(dict(parse_qsl(draft.address("").partition("?")[2]))) == draft
    for shown in ('value="Nowhere kept"', "autofocus", 'value="Start"', "Sessions from step to step"):
        assert shown in page
    assert "Nowhere kept" not in get("/funnels", "analyst-dft").text


def test_steps_are_tried_with_counts_and_the_next_page_is_suggested() -> None:
    told = words(send("/funnels/try", "leadership", **form("/passport", "/vehicle-tax")).text)
    for said in (
        "/passport 1 page, most seen /passport with 1 page view",
        "Sessions from step to step: 1 > 1",
        "Add /vehicle-tax/renew, 3 page views",
    ):
        assert said in told
    assert "topic:eu-exit 0 sessions" in words(send("/funnels/try", "leadership", **form("topic:eu-exit", "/a")).text)
    assert send("/funnels/try", **form("", "")).text == ""


@pytest.mark.parametrize(("given", "field"), [
    (form("/a"), "pages-1"), (form("/a", ""), "pages-2"), (form("/a", "regex:("), "pages-2"), (form("/a", "topic:nothing"), "pages-2"),
    (form("/a", "/b", window="soon"), "window"), (form("/a", "/b", name=""), "name"),
    (form(*[f"/{n}" for n in range(50)], "/51 > /52"), "pages-1"), (form("/a", "/b", mode="open", exclude="/c"), "exclude"),
    (form("/a", "/b", **{"optional-1": "true"}), "pages-1"),
])  # fmt: skip
def test_what_cannot_be_a_funnel_is_told_at_its_field(given: dict[str, Any], field: str) -> None:
    answer = send("/funnels/new", **given)
    assert answer.status_code == 400
    assert f'id="field-{field}-error"' in answer.text


def test_who_made_it_changes_deletes_and_brings_it_back() -> None:
    address = saved(name="To change")
    assert 'value="To change"' in get(f"{address}/edit", "analyst-dft").text
    assert get(f"{address}/edit", "service-owner-hmrc").status_code == 403
    changed = form("/a", "/b", name="Changed", revision=revision(address))
    assert send(f"{address}/edit", **changed).headers["Location"] == address
    assert "steps=/a > /b" in unquote(get(address).headers["Location"])
    stale = send(f"{address}/edit", **changed)
    assert (stale.status_code, "Somebody else changed this" in words(stale.text)) == (409, True)
    gone = send(f"{address}/delete", revision=revision(address)).headers["Location"]
    assert get(address, "analyst-dft").status_code == 404
    assert "Changed was deleted" in words(get(gone, "analyst-dft").text)
    send(f"{address}/restore")
    assert get(address, "analyst-dft").status_code == 303


def test_a_funnel_that_names_foreign_pages_is_not_shown() -> None:
    address = saved("/tax", "www.tax.service.gov.uk/account", person="service-owner-hmrc", name="Tax account")
    assert get(address, "service-owner-hmrc").status_code == 303
    for place in (address, f"/funnels/new?copy={address[9:]}"):
        assert get(place, "analyst-dft").status_code == 403
    assert "www.tax" not in get("/funnels", "analyst-dft").text


@pytest.mark.parametrize("path", ["/funnels", "/funnels/new"])
def test_who_sees_no_figures_sees_no_funnels(path: str) -> None:
    assert get(path, "operator").status_code == 403
    assert send("/funnels/try", "operator", **form(*STEPS)).status_code == 403


def test_the_form_begins_with_what_is_looked_at() -> None:
    page = get("/funnels/new?service=vehicle-tax").text
    assert page.count('class="steps-made__step"') == len(of_service("vehicle-tax"))
    assert 'value="/vehicle-tax"' in get("/funnels/new?steps=/vehicle-tax > /b").text


def test_a_funnel_that_cannot_be_asked_is_not_kept() -> None:
    with pytest.raises(errors.BadRequest):
        saved_funnels.checked("/a")
    with pytest.raises(errors.BadRequest):
        saved_funnels.checked("")


@pytest.mark.parametrize(("journey", "steps"), [
    ({"page": "/a"}, "/a"),
    ({"page": "/a", "end": "/z"}, "/a > /z"),
    ({"page": "/a", "end": "/z", "via": "/v/*", "open": "2:/c,1:/b,1:(other)"}, "/a > /v/* > /b > /c > /z"),
    ({"page": "/a > /b", "direction": "backward", "open": "1:/before"}, "/before > /b > /a"),
    ({"page": "service: vehicle-tax", "end": "topic: eu-exit"}, "service:vehicle-tax > topic:eu-exit"),
    ({"page": "/a", "group": "department", "open": "1:HMRC"}, "/a"),
    ({}, None),
])  # fmt: skip
def test_a_journey_becomes_a_funnel_of_its_pages_in_the_order_of_time(
    journey: dict[str, str], steps: str | None
) -> None:
    state, problems = Journey.read(journey.items())
    assert not problems
    way = funnel_of.way(state)
    assert (way and unquote(render(way)).partition("steps=")[2].partition('"')[0]) == (steps and escape(steps))
