"""What stands above every answer: days that are shown, what is wrong at its field, and addresses as people type them."""

import re
from datetime import date
from html import unescape

import pytest

from callbacks.pages import FRAMED
from data.periods import Period
from layouts import quick_days
from tests.web import get

DATED = [*(path for path in FRAMED if path != "/services"), "/journeys", "/topics/driving"]


def field(page: str, name: str) -> str:
    """The control of this name, as it stands in the page."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert found
    return found[0]


@pytest.mark.parametrize("path", DATED)
def test_the_fields_of_days_hold_the_days_that_are_shown(path: str) -> None:
    page = get(path).text
    assert ('value="2020-09-04"' in field(page, "from"), 'value="2020-10-01"' in field(page, "to")) == (True, True)
    assert 'value="2020-09-30"' in field(get(f"{path}?from=2020-09-30").text, "from")


@pytest.mark.parametrize("path", DATED)
def test_days_that_are_shown_anyway_narrow_nothing(path: str) -> None:
    same, other = (get(f"{path}?from=2020-09-04&to={last}").text for last in ("2020-10-01", "2020-09-30"))
    assert "Remove First day" not in unescape(same)
    assert "2020-09-30" in field(other, "to")


@pytest.mark.parametrize("path", DATED)
def test_what_is_wrong_stands_at_its_field_and_in_sight(path: str) -> None:
    answer = get(f"{path}?from=0001-01-01&to=2020-10-01")
    assert answer.status_code == 400
    assert 'aria-describedby="field-from-error"' in field(answer.text, "from")
    assert '<p id="field-from-error" class="govuk-error-message">' in answer.text
    assert '<details class="fold" open>' in answer.text


@pytest.mark.parametrize("path", FRAMED)
def test_what_a_form_sends_empty_stands_in_no_address(path: str) -> None:
    answer = get(f"{path}?to=")
    assert (answer.status_code, answer.headers["Location"]) == (303, path)


@pytest.mark.parametrize(("typed", "status", "leads_to"), [
    ("/estate/", 308, "/estate"), ("/page/?page=/vehicle-tax", 308, "/page?page=/vehicle-tax"), ("/topics/driving/", 308, "/topics/driving"),
    ("/nothing/", 404, None), ("/%2Fexample.com/", 404, None), ("/person/", 404, None), ("/", 200, None),
])  # fmt: skip
def test_a_slash_too_many_leads_to_the_page(typed: str, status: int, leads_to: str | None) -> None:
    answer = get(typed)
    assert (answer.status_code, answer.headers.get("Location")) == (status, leads_to)


@pytest.mark.parametrize(("shown", "way", "other"), [
    (Period(date(2020, 10, 4), date(2020, 10, 31)), 1, Period(date(2020, 9, 6), date(2020, 10, 3))),
    (Period(date(2020, 10, 31), date(2020, 10, 31)), -1, Period(date(2020, 11, 1), date(2020, 11, 1))),
    (Period(date(2020, 2, 1), date(2020, 2, 29)), 1, Period(date(2020, 1, 1), date(2020, 1, 31))),
    (Period(date(2019, 12, 1), date(2020, 1, 31)), -1, Period(date(2020, 2, 1), date(2020, 3, 31))),
])  # fmt: skip
def test_other_days_lie_right_beside_those_shown_and_months_beside_months(
    shown: Period, way: int, other: Period
) -> None:
    assert quick_days.beside(shown, way) == other


@pytest.mark.parametrize("path", DATED)
def test_other_days_are_a_press_away_and_those_shown_are_marked(path: str) -> None:
    page = get(f"{path}?from=2020-09-01&to=2020-09-30").text
    quick = page[page.index('class="quick"') :].partition("</ul>")[0]
    assert '<strong aria-current="true">September 2020</strong>' in quick
    assert f'href="{path}"' in quick  # the days that are shown without any in the address
    assert f'href="{path}?from=2020-08-01&amp;to=2020-08-31"' in quick
    assert "Later" not in quick  # October isn't over
