"""Every question has the same answer whether its days are segments of their own or in one of their month."""

from datetime import date
from typing import Any, Final

import pytest

from data.access import PEOPLE
from data.settings import Settings
from data.store import Estate
from queries.ask import ask, questions
from tests.examples import LEAST
from tests.stories import cleaned, estate_of

DAYS: Final = {"from": "2020-08-31", "to": "2020-09-03"}
LATE: Final = [  # each day has sessions that end long before it and others that may go on into the next
    line
    for day, n in (("2020-08-30", 1), ("2020-08-31", 3), ("2020-09-01", 2), ("2020-09-02", 4), ("2020-09-03", 1))
    for line in (
        *(f"{day} 09:00 GDS s{day[8:]}x{k} (v{k}) [mobile]: HMRC:/a +search tax > HMRC:/b > DfT:/vehicle-tax > www.tax.service.gov.uk/x" for k in range(n)),
        f"{day} 23:40 GDS t{day[8:]} (v1) [social]: HMRC:/b +search tax > HMRC:/a > www.vehicletax.service.gov.uk/y +useful_yes > HMRC:/a",
        f"{day} 23:55 HMRC u{day[8:]} (v2) [France]: HMRC:/a > FCO:/world/france @400 > HMRC:/a @410 +download form.pdf",
    )
]  # fmt: skip


def answered(estate: Estate, question: str, given: dict[str, Any], viewer: str = "estate-analyst") -> Any:
    estate.settings = Settings(statement_seconds=600, clock=date(2020, 9, 4))
    return ask(estate, PEOPLE[viewer], question, given).value


@pytest.mark.parametrize("question", questions())
def test_sessions_that_may_go_on_after_midnight_count_with_the_others_of_their_day(question: str) -> None:
    given = DAYS | LEAST.get(question, {})
    by_month, *others = (
        answered(estate_of(cleaned(*LATE), by=by, listed=True), question, given) for by in ("month", "day", "mixture")
    )
    assert others == [by_month, by_month]
