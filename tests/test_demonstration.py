"""The demonstration is the same every time, sent by those who may, and shaped like the estate of 2019 and 2020."""

import gzip
import hashlib
import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from data import clean
from data.demonstration import CLOCK, PERIOD, SIZE, Span, day_rows, files, ga4, hits, ua, write
from data.demonstration.world import world
from data.intake import Extract, read_extract
from data.periods import LONDON, Period
from data.register import PLATFORM_HOST, PLATFORM_SENDER, register
from tests.demonstration_rows import rows, views
from tests.homes import settings_of

DAY = date(2020, 3, 4)
WEEK = Period(date(2020, 3, 2), date(2020, 3, 8))
END = datetime(2020, 3, 9, tzinfo=UTC)
SMALL = 150_000
SAMPLED = [day for day in PERIOD if day.day in {1, 15}]
WRITE = """
import sys
from datetime import date
from pathlib import Path
from data.demonstration import write
from data.periods import Period
for _ in write(Path(sys.argv[1]), 150_000, Period(date(2020, 3, 4), date(2020, 3, 4))): pass
"""


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("seed", ["1", "2"])
def test_two_processes_write_the_same_bytes(tmp_path: Path, seed: str) -> None:
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    theirs.mkdir()
    ours.mkdir()
    environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parent.parent)}
    subprocess.run([sys.executable, "-c", WRITE, str(theirs)], check=True, env=environment)
    list(write(ours, SMALL, Period(DAY, DAY)))
    assert digests(theirs) == digests(ours)
    assert len(digests(ours)) >= 12


@pytest.mark.parametrize("span", ["month", "period"])
def test_files_of_many_days_say_what_files_of_one_day_say(tmp_path: Path, span: Span) -> None:
    told: list[dict[tuple[str, str], list[str]]] = []
    for name in ("day", span):
        (tmp_path / name).mkdir()
        made = list(write(tmp_path / name, SMALL, WEEK, span="day" if name == "day" else span))
        assert all((one.day is None) == (name != "day") for one in made)
        told.append({})
        for one in made:
            told[-1].setdefault((one.account, one.sender), []).extend(lines(one.path))
    assert {sent: sorted(said) for sent, said in told[0].items()} == {
        sent: sorted(said) for sent, said in told[1].items()
    }


def lines(path: Path) -> list[str]:
    """The rows of a file before the week's end; of one with a session a line, the hits."""
    if path.name.endswith(ua.SUFFIX):
        sessions = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
        told = [
            (one | {"hits": hit}, one["visitStartTime"] + hit["time"] / 1_000)
            for one in sessions
            for hit in one["hits"]
        ]
        return [str(hit) for hit, at in told if at < END.timestamp()]
    found = pl.read_parquet(path)
    sent = (
        pl.from_epoch("event_timestamp", "us").dt.replace_time_zone("UTC") if "event_name" in found.columns else "time"
    )
    return [str(row) for row in found.filter((sent if isinstance(sent, pl.Expr) else pl.col(sent)) < END).iter_rows()]


def test_a_day_is_the_same_alone_as_among_others(tmp_path: Path) -> None:
    alone = day_rows(DAY, "joined", SMALL)
    among = [one for one in write(tmp_path, SMALL, WEEK) if one.day == DAY and one.account == "joined"]
    assert alone.height == sum(pl.read_parquet(one.path).height for one in among)


def test_the_size_is_that_of_the_whole_period() -> None:
    made = views().height + views(account="gds").height
    assert abs(made / SIZE - 1) < 0.02


@pytest.mark.parametrize(("size", "off_by"), [(30_000, 0.25), (300_000, 0.08), (30_000_000, 0.04)])
def test_days_grow_with_the_size(size: int, off_by: float) -> None:
    made = sum(day_rows(day, "joined", size)["kind"].eq(0).sum() for day in WEEK)
    assert made * SIZE / size == pytest.approx(views(WEEK).height, rel=off_by)


@pytest.mark.parametrize("day", SAMPLED, ids=str)
def test_every_row_is_from_the_one_who_may_send_it_and_nobody_else_shares(day: date) -> None:
    """GDS, whose property sees every host, also sends what isn't shared: the way in drops it, whoever sends it."""
    pairs = rows(Period(day, day)).select("host", pl.col("sender").cast(pl.String)).unique().rows()
    for host, sender in pairs:
        if register.shared(host, day):
            assert register.sender_of("joined", host, day) == sender, host
        else:
            assert sender == PLATFORM_SENDER, (host, sender)
    senders = {sender for _, sender in pairs} - {PLATFORM_SENDER}
    assert senders <= register.sharing(day)
    assert register.sharing(day) - senders <= {"DExEU"}


def test_the_account_of_gds_holds_www_gov_uk_alone() -> None:
    week = rows(WEEK, "gds")
    assert week["host"].unique().to_list() == [PLATFORM_HOST]
    assert week["sender"].unique().to_list() == [PLATFORM_SENDER]


def test_dfid_sends_until_it_is_no_more() -> None:
    sent = rows(Period(date(2020, 8, 25), date(2020, 9, 8))).filter(pl.col("sender") == "DFID")
    assert sent["day"].max() == date(2020, 9, 1)


def test_every_service_with_a_host_is_used_and_hundreds_of_real_pages_are_seen() -> None:
    seen = views()
    without = set(register.services) - set(seen["service"].drop_nulls())
    assert not without
    known = {row["path"] for row in files.rows("pages")}
    ours = set(seen.filter(pl.col("host") == PLATFORM_HOST)["address"].unique().str.strip_prefix(PLATFORM_HOST))
    assert len(known & ours) >= 500
    assert seen["host"].n_unique() >= 90
    assert seen["address"].n_unique() >= 10_000


@pytest.mark.parametrize("account", ["joined", "gds"])
def test_three_quarters_of_sessions_see_one_page_and_few_pages_are_seen_in_most(account: str) -> None:
    seen = views(account=account)
    sizes = seen.group_by("visit").len()["len"]
    assert 0.67 <= (sizes == 1).mean() <= 0.82  # type: ignore[operator]  # a series of truth values has a mean
    by_page = seen.group_by("page").agg(pl.col("visit").n_unique().alias("sessions")).sort("sessions", descending=True)
    top = by_page["page"].head(round(by_page.height * 0.02))
    assert 0.79 <= seen.filter(pl.col("page").is_in(top.implode()))["visit"].n_unique() / sizes.len() <= 0.92


def test_every_department_of_2019_is_there_in_its_proportion() -> None:
    shares = {
        name: count / views().height for name, count in views()["department"].cast(pl.String).value_counts().rows()
    }
    partners = register.partners(date(2019, 10, 1))
    assert len(partners) == 17
    assert all(shares[name] > 0.004 for name in partners)
    assert max(shares[name] for name in partners) < 0.25


def test_the_week_holidays_and_the_consent_banner_are_seen() -> None:
    by_day = dict(views().group_by("day").len().rows())
    mondays = [by_day[date(2019, 11, 4) + timedelta(7 * week)] for week in range(4)]
    sundays = [by_day[date(2019, 11, 3) + timedelta(7 * week)] for week in range(4)]
    assert sum(sundays) < 0.85 * sum(mondays)
    assert by_day[date(2020, 5, 25)] < 0.85 * by_day[date(2020, 6, 1)]
    assert by_day[date(2019, 12, 25)] < 0.5 * by_day[date(2019, 12, 11)]
    before, after = by_day[date(2019, 12, 19)], by_day[date(2019, 12, 20)]
    assert 0.4 <= after / before <= 0.65


@pytest.mark.parametrize(
    ("service", "peak", "ordinary", "times"),
    [
        ("self-assessment", date(2020, 1, 31), date(2020, 2, 28), 4),
        ("register-to-vote", date(2019, 11, 26), date(2019, 10, 22), 8),
        ("flood-information", date(2020, 2, 16), date(2020, 1, 19), 3),
        ("vehicle-tax", date(2019, 10, 31), date(2019, 10, 24), 1.15),
    ],
)
def test_a_service_has_its_day(service: str, peak: date, ordinary: date, times: float) -> None:
    seen = views().filter(pl.col("service") == service)
    by_day = dict(seen.group_by("day").len().rows())
    assert by_day[peak] > times * by_day[ordinary]


def test_the_events_of_the_time_are_seen() -> None:
    by_page = views().group_by("address", "day").len()
    days = {
        name: dict(part.select("day", "len").rows())
        for (name,), part in by_page.partition_by("address", as_dict=True).items()
    }
    furlough = days["www.gov.uk/guidance/claim-for-wages-through-the-coronavirus-job-retention-scheme"]
    assert min(furlough) >= date(2020, 3, 26)
    assert furlough[date(2020, 4, 20)] > 2 * furlough[date(2020, 9, 14)]
    assert min(days["www.gov.uk/coronavirus-extremely-vulnerable"]) >= date(2020, 3, 22)
    assert sum(days["www.gov.uk/brexit"].values()) > 0
    assert max(days["www.gov.uk/brexit"]) <= date(2020, 7, 12)
    advice = views().filter(pl.col("address").str.starts_with("www.gov.uk/foreign-travel-advice"))["day"].value_counts()
    travel = dict(advice.rows())
    assert travel[date(2020, 3, 17)] > 2 * travel[date(2020, 1, 14)]


def test_searches_handovers_downloads_errors_and_answers_are_among_the_rows() -> None:
    counts = dict(rows(WEEK)["kind"].value_counts().rows())
    assert all(counts[kind] > 10 for kind in ("search", "outbound", "download", "error", "useful_yes", "useful_no"))
    hosts = set(views(WEEK)["host"])
    assert register.pass_through_hosts & hosts >= {"www.payments.service.gov.uk", "www.access.service.gov.uk"}


def test_nothing_personal_is_in_it() -> None:
    pages = world().pages
    asked = pages.select(pl.col("host") + pl.col("path")).to_series()
    cleaned = clean.addresses(asked, frozenset())
    assert cleaned.select(pl.col("host") + pl.col("path")).to_series().equals(asked)
    texts = pl.concat([pages["title"].rename("text"), world().texts]).drop_nulls()
    assert clean.text(texts).to_list() == texts.to_list()


@pytest.mark.parametrize("day", [date(2019, 10, 27), date(2020, 3, 29), date(2020, 1, 31)])
def test_sessions_begin_on_their_day_and_a_month_is_over_with_its_last(day: date) -> None:
    made = rows(Period(day, day)).with_columns(
        pl.col("time").dt.convert_time_zone(str(LONDON)).dt.date().alias("london")
    )
    assert made.group_by("visit").agg(pl.col("london").min())["london"].unique().to_list() == [day]
    if (day + timedelta(days=1)).day == 1:
        assert made["london"].max() == day


def test_a_visitor_keeps_device_and_country() -> None:
    seen = rows(WEEK).group_by("visitor").agg(pl.col("device", "country").n_unique())
    assert seen["device"].max() == seen["country"].max() == 1
    assert rows(WEEK)["visit"].n_unique() > 1.02 * seen.height


def test_every_format_says_the_same(tmp_path: Path) -> None:
    """Of rows that one sender has, as each format would send them."""
    sent = day_rows(DAY, "joined", SIZE).filter(pl.col("sender") == "Home Office")
    told = []
    for writer in (hits, ga4, ua):
        path = tmp_path / f"{writer.FORMAT}{writer.SUFFIX}"
        writer.write(sent, path)
        extract = Extract("joined", "Home Office", DAY, writer.FORMAT)
        [taken] = read_extract(path, extract, settings_of(tmp_path, CLOCK), lambda *_: b"k" * 32)
        assert not taken.quarantined
        told.append(taken.frame.drop("row", "order").sort("session", "time", "kind", "path"))
    assert told[0].height == sent.height > 150
    for name in told[0].columns:
        assert told[0][name].to_list() == told[1][name].to_list(), name
    without_taxon = [one.drop("taxon", "step_by_step", "session", "session_before") for one in told]
    for name in without_taxon[0].columns:
        assert without_taxon[0].sort(pl.all())[name].to_list() == without_taxon[2].sort(pl.all())[name].to_list(), name


def test_the_way_in_takes_every_row_and_marks_what_is_not_shared(tmp_path: Path) -> None:
    made = [one for one in write(tmp_path, SMALL, Period(DAY, DAY)) if one.sender in {"GDS", "DfT"}]
    for one in made:
        [taken] = read_extract(
            one.path, Extract(one.account, one.sender, DAY), settings_of(tmp_path, CLOCK), lambda *_: b"k" * 32
        )
        assert not taken.quarantined
        assert (
            taken.read
            == taken.kept + taken.ignored
            >= (1 if one.format == ua.FORMAT else pl.read_parquet(one.path).height)
        )
        assert bool(taken.dropped_unshared) == (one.sender == "GDS" and one.account == "joined")
        assert set(taken.dropped_unshared) <= {"DWP", "FCO", "Cabinet Office", "DCMS"}
