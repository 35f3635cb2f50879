"""Publishing: what a version holds, what changes nothing, what is refused, what time does to it."""

import os
import random
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from data import errors
from data.audit import Log
from data.settings import Settings
from data.store import Estate, Refusal, versions
from data.store.home import Home
from data.store.publish import import_extracts, importing, publish
from data.store.verify import verify
from tests.counts import rounds
from tests.homes import EVER, extracts, settings_of, sums

SEED = 20_191_013
TUESDAY, WEDNESDAY = date(2019, 10, 1), date(2019, 10, 2)
ONE = "HMRC s1 (v1): /apply > /apply/name > /apply/done"
TWO = "HMRC s2 (v2): /apply > /apply/name"


def test_an_import_makes_a_version_that_readers_see(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    version = import_extracts(extracts(ONE, TWO), settings)
    assert (version.number, version.is_new, len(version.imported)) == (1, True, 1)
    assert sums(settings) == {"sessions": 2, "page_views": 5, "moves": 3}
    report = verify(settings)
    assert report.right, str(report)


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    first = import_extracts(extracts(ONE), settings)
    again = import_extracts(extracts(ONE), settings)
    assert (again.is_new, again.number, len(again.duplicates)) == (False, 1, 1)
    assert again.manifest == first.manifest
    assert [entry.kind for entry in Log(Home.open(settings)).entries()] == ["import", "publish", "duplicate"]


def test_sending_a_day_again_replaces_it_whole(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    import_extracts(extracts(ONE, TWO), settings)
    import_extracts(extracts(TWO), settings)
    assert sums(settings) == {"sessions": 1, "page_views": 2, "moves": 1}


def test_each_version_tells_what_it_and_those_before_it_changed(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    import_extracts(extracts(ONE, TWO), settings)
    import_extracts([*extracts(TWO), *extracts(ONE, day=WEDNESDAY)], settings)
    with importing(settings) as home:
        publish(home, [], [Refusal("a.csv", "schema", "ab", "joined", "HMRC")])
    later = settings_of(tmp_path, clock=date(2020, 11, 2))
    last = import_extracts([], later).manifest.history
    told = [
        (one.version, [(b.sender, b.new, b.replaced, b.withdrawn) for b in one.brought], one.refused) for one in last
    ]
    assert told == [
        (4, [("HMRC", 0, 0, 1)], 0), (3, [], 1), (2, [("HMRC", 1, 1, 0)], 0), (1, [("HMRC", 1, 0, 0)], 0),
    ]  # fmt: skip
    totals = [(one.totals[0].sessions, one.totals[0].page_views, one.totals[0].sessions_change) for one in last]
    assert totals == [(1, 3, -1), (2, 5, 0), (2, 5, 0), (2, 5, 2)]
    assert [(one.brought[0].first_day, one.brought[0].last_day) for one in last if one.version == 2] == [
        (TUESDAY, WEDNESDAY)
    ]


def test_only_the_segments_of_changed_days_are_built_again(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    first = import_extracts([*extracts(ONE), *extracts(TWO, day=date(2019, 10, 12))], settings)
    second = import_extracts(extracts(ONE, TWO), settings)
    kept = {one.name for one in first.manifest.segments} & {one.name for one in second.manifest.segments}
    assert {one.first_day for one in second.manifest.segments if one.name in kept} == {date(2019, 10, 12)}


def test_a_session_of_two_senders_is_one(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    import_extracts(extracts("GDS s1: /apply > /sign-in"), settings)
    import_extracts(extracts("HMRC s1: www.tax.service.gov.uk/account @20"), settings)
    assert sums(settings) == {"sessions": 1, "page_views": 3, "moves": 2}


def test_two_accounts_are_kept_apart(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    import_extracts([*extracts(ONE), *extracts(ONE, TWO, account="gds")], settings)
    assert sums(settings, "joined")["sessions"] == 1
    assert sums(settings, "gds")["sessions"] == 2


def test_a_month_past_restatement_is_one_segment_with_the_same_totals(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    import_extracts([*extracts(ONE), *extracts(TWO, day=WEDNESDAY)], settings)
    before = sums(settings)
    later = settings_of(tmp_path, clock=date(2019, 12, 16))
    version = import_extracts([], later)
    assert [(one.kind, one.first_day, one.last_day) for one in version.manifest.segments] == [
        ("month", TUESDAY, WEDNESDAY)
    ]
    assert sums(later) == before
    assert verify(later).right


def test_a_term_shows_once_ten_sessions_of_the_month_have_it(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    words = "select text from value join term_day on term = value"

    def shown() -> set[str]:
        estate = Estate.open(settings)
        with estate.pinned() as reading:
            return {text for one in reading.months("joined", EVER) for text in reading.run(one, words)["text"]}

    import_extracts(extracts(*[f"HMRC s{n}: /a +search tax" for n in range(9)]), settings)
    assert "tax" not in shown()
    import_extracts(extracts("HMRC s9: /b +search tax", day=date(2019, 10, 15)), settings)
    assert "tax" in shown()


def test_days_one_by_one_hold_the_same_terms_and_visitors_as_all_at_once(tmp_path: Path) -> None:
    told = [
        extracts(
            *(f"HMRC s{n}on{day.day} (v{n}): /a +download tax +search tax > /b{n} +search rare{n}" for n in range(4)),
            day=day,
        )
        for day in (TUESDAY, WEDNESDAY, date(2019, 10, 15))
    ]
    words = """
        select strftime(day, '%d') || ' ' || text || ' ' || searches as told
        from term_day join value on value.value = term_day.term
    """
    others = "select count(*) || ' of ' || kind || ' ' || text as told from event join value using (value) group by kind, text"
    visitors = (
        "select slice || number || ' ' || day || ' ' || previous_day || ' ' || visitors as told from visitor_days"
    )

    def held(settings: Settings) -> list[str]:
        with closing(Estate.open(settings)) as estate, estate.pinned() as reading:
            asked = [(one, words) for one in reading.months("joined", EVER)]
            asked += [(one, others) for one in reading.segments("joined", EVER)]
            asked += [(one, visitors) for one in reading.months("joined", EVER)]
            return sorted(told for one, sql in asked for told in reading.run(one, sql)["told"])

    (tmp_path / "at once").mkdir()
    one_by_one, at_once = settings_of(tmp_path), settings_of(tmp_path / "at once")
    for part in told:
        import_extracts(part, one_by_one)
    import_extracts([one for part in told for one in part], at_once)
    assert held(one_by_one) == held(at_once)
    assert "01 tax 4" in held(one_by_one)
    assert verify(one_by_one).right


def test_a_day_past_retention_is_refused_and_one_that_grows_old_is_purged(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    import_extracts([*extracts(ONE), *extracts(TWO, day=WEDNESDAY)], settings)
    later = settings_of(tmp_path, clock=date(2020, 11, 2))
    with pytest.raises(errors.Refused, match="ESTATE_RETENTION"):
        import_extracts(extracts(TWO), later)
    assert verify(later).right, "days that grew old since they were published are still what was published"
    version = import_extracts([], later)
    assert [one.day for one in version.purged] == [TUESDAY]
    assert sums(later)["sessions"] == 1
    assert len(versions.places(Home.open(later))) == 1
    assert verify(later).right


def test_with_retention_off_days_of_any_age_come_in(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, clock=date(2026, 11, 1), retention="off")
    import_extracts(extracts(ONE), settings)
    import_extracts(extracts(TWO, day=WEDNESDAY), settings)
    assert sums(settings)["sessions"] == 2


def test_a_clock_that_goes_back_harms_nothing(tmp_path: Path) -> None:
    import_extracts(extracts(ONE), settings_of(tmp_path, clock=date(2020, 3, 1)))
    back = settings_of(tmp_path, clock=date(2019, 10, 3))
    version = import_extracts(extracts(TWO, day=WEDNESDAY), back)
    assert [one.kind for one in version.manifest.segments] == ["month"]
    assert sums(back)["sessions"] == 2


def test_files_that_no_version_names_are_removed(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    for n in range(6):
        import_extracts(extracts(f"HMRC s{n}: /apply > /apply/{n}"), settings)
    home = Home.open(settings)
    manifests = [versions.at(home, place) for place in versions.places(home)]
    named = {f"{one.name}.db" for manifest in manifests for one in manifest.segments}
    assert {file.name for file in (home.folder / "segments").iterdir()} == named
    assert len(list((home.folder / "versions").iterdir())) == len(manifests) == versions.KEPT


def test_a_version_names_the_files_that_were_refused_each_once_while_they_are_kept(tmp_path: Path) -> None:
    one, other = (Refusal("broken.csv", "schema", digit * 64, "gds", "GDS") for digit in "01")
    with importing(settings_of(tmp_path, clock=date(2019, 11, 1))) as home:
        assert not publish(home, [], [one]).is_new, "nothing is published that could name it"
        found = publish(home, extracts(ONE), [one]).manifest
        assert found.refused == (replace(one, day=date(2019, 11, 1)),)
        assert not publish(home, [], [one]).is_new, "the same file again changes nothing"
        alone = publish(home, [], [other]).manifest
        assert (alone.version, alone.segments, len(alone.refused)) == (found.version + 1, found.segments, 2)
    with importing(settings_of(tmp_path, clock=date(2020, 1, 1))) as home:
        assert publish(home, extracts(TWO)).manifest.refused == ()


def test_deliveries_shuffled_doubled_late_and_restated_end_in_the_same_totals(tmp_path: Path) -> None:
    luck = random.Random(SEED)  # noqa: S311 - which order is tried, not a secret
    days = [date(2019, 10, n) for n in (1, 2, 3, 8)]
    last = [
        extracts(*(f"{sender} s{n} (v{n % 3}): /x > /y{day.day} +search tax" for n in range(4)), day=day)
        for day in days
        for sender in ("GDS", "HMRC")
    ]
    first = [extracts("GDS s9: /old > /older", day=day) for day in days]
    settings = settings_of(tmp_path)
    for _ in range(rounds(1, 5)):
        order = [*first, *last, *luck.sample(last, 4)]
        luck.shuffle(order)
        for part in [*order, *luck.sample(last, 8)]:
            import_extracts(part, settings)
    (tmp_path / "at once").mkdir()
    at_once = settings_of(tmp_path / "at once")
    import_extracts([one for part in last for one in part], at_once)
    assert sums(settings) == sums(at_once)
    assert verify(settings).right


def test_a_refused_file_stays_in_quarantine_no_longer_than_a_month_may_be_restated(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    home = Home.open(settings)
    for name, days in (("older", 46), ("newer", 44)):
        home.write(f"quarantine/{name}", b"rows")
        written = (settings.now() - timedelta(days=days)).timestamp()
        os.utime(home.folder / "quarantine" / name, (written, written))
    import_extracts([], settings)
    assert [file.name for file in (home.folder / "quarantine").iterdir()] == ["newer"]


def test_an_import_of_nothing_into_an_empty_home_publishes_nothing(tmp_path: Path) -> None:
    version = import_extracts([], settings_of(tmp_path))
    assert (version.number, version.is_new) == (0, False)
    report = verify(settings_of(tmp_path))
    assert (report.version, report.right) == (0, True)


def test_sessions_across_midnight_and_a_month_end_are_the_same_by_day_and_by_month(tmp_path: Path) -> None:
    stories = [
        f"{day} 23:59 HMRC {name} (v{name}): /a > /b > /c @70 > /d @80"
        for day in ("2019-10-29", "2019-10-30", "2019-10-31", "2019-11-01")
        for name in ("x", "y", f"z{day[-2:]}")
    ]
    sent = extracts(*stories)
    settings = settings_of(tmp_path, clock=date(2019, 11, 5))
    for one in sent:
        import_extracts([one], settings)
    before = sums(settings)
    later = settings_of(tmp_path, clock=date(2020, 2, 1))
    assert {one.kind for one in import_extracts([], later).manifest.segments} == {"month"}
    assert sums(later) == before
    assert before["page_views"] == 4 * len(stories)
    assert verify(later).right
