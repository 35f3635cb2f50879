"""Days of Google Analytics in the estate: sessions across senders and midnights, days sent late or again, any order."""

import json
import random
import re
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from data.access import PEOPLE
from data.intake import CleanedDay, Extract, read_extract
from data.periods import LONDON
from data.store import Estate
from data.store.publish import import_extracts
from queries.ask import ask, questions
from tests.counts import rounds
from tests.deliveries import SETTINGS, key
from tests.examples import LEAST
from tests.ga4_rows import Event, lines, parquet, shown, story, ua, zipped
from tests.homes import settings_of

pytestmark = pytest.mark.usefixtures("without_a_process")
SEED = 20_191_027
FROM_9_TO_MIDNIGHT = 15 * 3600  # seconds
ALONE = 0.1  # share of the days that start an import
STARTS = {
    "a midnight at a month's end": date(2019, 10, 31),
    "the end of summer time": date(2019, 10, 26),
    "its beginning": date(2020, 3, 28),
}
Make = Callable[[list[Event]], bytes]


def sent(
    folder: Path, events: list[Event], sender: str = "GDS", account: str = "joined", *, make: Make = lines
) -> list[CleanedDay]:
    """The cleaned days of these events, one file for each London day that they happened on."""
    found = []
    for day, some in sorted(by_day(events).items()):
        path = folder / f"events_{day:%Y%m%d}.{'parquet' if make is parquet else 'json'}"
        path.write_bytes(make(some))
        found += read_extract(path, Extract(account, sender), SETTINGS, key)
    return found


def by_day(events: list[Event]) -> dict[date, list[Event]]:
    """Events by their London day, as Google's tables hold them."""
    found: dict[date, list[Event]] = {}
    for one in events:
        day = datetime.fromtimestamp(int(one["event_timestamp"]) / 1e6, LONDON).date()
        found.setdefault(day, []).append(one | {"event_date": f"{day:%Y%m%d}"})
    return found


def answers(folder: Path, imports: list[list[CleanedDay]], first: date) -> dict[str, bytes]:
    """What every question answers about these deliveries, imported in this order, byte by byte."""
    folder.mkdir()
    settings = settings_of(folder, clock=first + timedelta(days=5))
    for some in imports:
        import_extracts(some, settings)
    given = {"from": first.isoformat(), "to": (first + timedelta(days=3)).isoformat()}
    found = {}
    with closing(Estate.open(settings)) as estate:
        for name, account in product(questions(), ("joined", "gds")):
            asked: dict[str, Any] = {**LEAST.get(name, {}), **given, "account": account}
            one = ask(estate, PEOPLE["estate-analyst"], name, asked)
            value: Any = one.value
            if name == "coverage":
                value = value | {"versions": "what each import brought"}
            told = json.dumps([value, one.table.rows()], default=str)
            found[f"{name} {account}"] = re.sub(r'"version": \d+', "", told).encode()  # counts the imports
    return found


def parted(days: list[CleanedDay], dice: random.Random) -> list[list[CleanedDay]]:
    """The same days in the same order, several an import, none twice in one."""
    found: list[list[CleanedDay]] = [[]]
    for one in days:
        if dice.random() < ALONE or any(keyed(one) == keyed(other) for other in found[-1]):
            found.append([])
        found[-1].append(one)
    return found


def keyed(one: CleanedDay) -> tuple[str, str, date]:
    """What a day replaces another of."""
    return one.account, one.sender, one.day


def world(folder: Path, first: date) -> list[CleanedDay]:
    """Deliveries of three days by two senders in two accounts, among them sessions over midnight and equal times."""
    at = FROM_9_TO_MIDNIGHT
    gds = story(
        f"v.1: /a > /b @{at - 5} > /a @{at + 5} +search tax > /c @{at + 3600} +out https://www.tax.service.gov.uk/pay",
        f"w.1: /a @0 > /b @10 > www.universal-credit.service.gov.uk/x @20 > /c @{at + 3_700}",
        f"{first + timedelta(days=1)} w.2: /b +useful Yes > /a +download https://www.gov.uk/x/y.pdf",
        day=first,
    )
    hmrc = story(
        f"v.1: www.tax.service.gov.uk/pay @{at - 5} +error Enter a date > www.tax.service.gov.uk/done @{at + 5}",
        "w.1: www.tax.service.gov.uk/pay @10 > www.tax.service.gov.uk/done @11",
        day=first,
    )
    return [*sent(folder, gds), *sent(folder, hmrc, "HMRC", make=zipped), *sent(folder, gds[:3], account="gds")]


@pytest.mark.parametrize("first", STARTS.values(), ids=STARTS)
def test_files_in_any_order_sent_late_or_again_give_the_same_answers(tmp_path: Path, first: date) -> None:
    days, dice = world(tmp_path, first), random.Random(SEED)  # noqa: S311 - an order, no secret
    expected = answers(tmp_path / "expected", [days], first)
    early = sent(tmp_path, story("x.9: /a > /z", day=first))  # of an unfinished day, which comes whole later
    for number in range(rounds(1, 34)):
        order = [*early, *dice.sample(days, 2), *dice.sample(days, len(days))]
        assert answers(tmp_path / f"{number}", parted(order, dice), first) == expected


def test_the_same_events_as_json_gzip_and_parquet_give_the_same_estate(tmp_path: Path) -> None:
    first = date(2019, 10, 31)
    events = story(
        "v.1: /a +search tax > /b +out https://www.tax.service.gov.uk/x > /a", "w.1: /b +useful No", day=first
    )
    found = []
    for make in (lines, zipped, parquet):
        days = sent(tmp_path, events, make=make)
        found.append(answers(tmp_path / make.__name__, [days], first))
    assert found[0] == found[1] == found[2]
    assert b'"/b"' in found[0]["next_pages joined"]


def test_a_session_of_two_senders_is_one_in_the_order_of_its_times(tmp_path: Path) -> None:
    first = date(2019, 10, 9)
    gds = sent(tmp_path, story("v.1: /a @0 > /b @20", day=first))
    hmrc = sent(tmp_path, story("v.1: www.tax.service.gov.uk/pay @10", day=first), "HMRC")
    found = answers(tmp_path / "home", [hmrc, gds], first)
    next_pages = json.loads(found["next_pages joined"])[0]
    assert "www.tax.service.gov.uk/pay" in json.dumps(next_pages["following"])
    assert "www.tax.service.gov.uk/pay" not in found["next_pages gds"].decode()


def test_a_restated_day_replaces_the_day_whatever_google_format_it_comes_in(tmp_path: Path) -> None:
    first = date(2019, 10, 9)
    one = sent(tmp_path, story("v.1: /a > /b > /c", "w.1: /a", day=first))
    path = tmp_path / "ga_sessions_20191009.json"
    path.write_bytes(lines([ua(shown("/a"), shown("/z"))]))
    other = read_extract(path, Extract("joined", "GDS"), SETTINGS, key)
    again = answers(tmp_path / "again", [one, other], first)
    assert again == answers(tmp_path / "once", [other], first)
    assert b'"/z"' in again["next_pages joined"]
