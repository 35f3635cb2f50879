"""`ga_report`: what an analytics tool reports in sums, from each of its shapes, kept with the promises of extracts."""

import json
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import errors
from data.intake import CleanedDay, Extract
from data.store.publish import import_extracts
from data.store.verify import verify
from tests import homes
from tests.counts import rounds
from tests.deliveries import packed, read_all

pytestmark = pytest.mark.usefixtures("without_a_process")
HMRC = Extract("joined", "HMRC", format="ga_report")
DAY = date(2019, 10, 9)
HOST = "www.tax.service.gov.uk"
COMMENTS = ("# ----------", "# All Web Site Data", "# Pages", "# 20191003-20191009", "# ----------", "")
HEADER = "Page,Pageviews,Unique Pageviews,Avg. Time on Page,Entrances,Bounce Rate,% Exit,Page Value"
Figure = tuple[str | None, str | None, str, int]


def saved(*rows: str, header: str = HEADER, comments: tuple[str, ...] = COMMENTS) -> bytes:
    return "\r\n".join((*comments, header, *rows, "")).encode()


def page(path: str = f"{HOST}/a", views: str = "5", unique: str = "4", entrances: str = "3") -> str:
    return f"{path},{views},{unique},00:01:02,{entrances},45.00%,#DIV/0,£0.00"


def reported(folder: Path, content: bytes, extract: Extract = HMRC, *, name: str = "pages.csv") -> list[CleanedDay]:
    return read_all(folder, content, extract, name=name, settings=homes.settings_of(folder))


def figures(*days: CleanedDay) -> list[Figure]:
    rows = [row for one in days for row in one.frame.select("host", "path", "measure", "value").iter_rows()]
    return sorted(rows, key=str)


def test_a_saved_screen_gives_its_pages_and_says_its_days(tmp_path: Path) -> None:
    totals, index = ',"12,345","9,000",00:01:02,"8,000",45%,30%,£0.00', ("", "Day Index,Pageviews", '10/9/19,"12,345"')
    (one,) = reported(tmp_path, saved(totals, page(views='"1,234"'), *index))
    assert (one.kind, one.day, one.frame["first"][0]) == ("page totals: pages of 7 days", DAY, date(2019, 10, 3))
    assert (one.read, one.kept, one.ignored, one.quarantined) == (4, 1, 3, {})  # totals, and the second table's lines
    assert figures(one) == [
        (HOST, "/a", "landings", 3), (HOST, "/a", "page_views", 1_234), (HOST, "/a", "sessions", 4),
    ]  # fmt: skip
    assert one.ignored_columns == ("Avg. Time on Page", "Bounce Rate", "column 7", "Page Value")


def test_a_screen_of_the_new_tool_says_the_same_in_other_words(tmp_path: Path) -> None:
    comments = ("# Pages and screens", "# Start date: 20191003", "# End date: 20191009")
    header = "Hostname,Page path and screen class,Views,Active users,Views per active user"
    further = ("# Start date: 20191003", "Nth day,Views", "0,9")
    rows = (",,9,8,1.1,Grand total", f"{HOST},/a,5,4,1.25", "(other),(other),4,3,1.3", *further)
    (one,) = reported(tmp_path, saved(*rows, header=header, comments=comments))
    assert (one.kept, one.ignored) == (2, 3)
    assert (None, "(other)", "page_views", 4) in figures(one)
    assert (HOST, "/a", "visitors", 4) in figures(one)


def test_a_page_without_a_host_is_of_the_one_host_that_its_sender_has(tmp_path: Path) -> None:
    rows = saved("/a,5", header="Page,Pageviews", comments=("# 20191009-20191009",))
    (one,) = reported(tmp_path, rows, Extract("gds", "GDS", format="ga_report"))
    assert figures(one) == [("www.gov.uk", "/a", "page_views", 5)]
    with pytest.raises(errors.Refused, match="no_host 1"):  # it has several: whose page is it?
        reported(tmp_path, rows)


def test_totals_of_days_are_one_delivery_a_day(tmp_path: Path) -> None:
    days = reported(tmp_path, b"date,visits\n2019-10-09,246\n20191008,255\n")
    assert [(one.kind, one.day, one.kept) for one in days] == [
        ("page totals: days of 1 day", date(2019, 10, 8), 1),
        ("page totals: days of 1 day", DAY, 1),
    ]
    assert figures(*days) == [(None, None, "sessions", 246), (None, None, "sessions", 255)]


def test_a_day_that_comes_twice_counts_as_it_came_first(tmp_path: Path) -> None:
    (one,) = reported(tmp_path, b"date,visits\n2019-10-09,246\n2019-10-09,7\n")
    assert (figures(one), one.quarantined) == ([(None, None, "sessions", 246)], {"duplicate_row": 1})


def test_landing_pages_tell_landings_alone(tmp_path: Path) -> None:
    header = "domain,landing_page,page_views,visits"
    (one,) = reported(tmp_path, saved(f"{HOST},/a,900,40", "(other),(other),5,4", header=header))
    assert one.kind == "page totals: landing pages of 7 days"
    assert figures(one) == [(HOST, "/a", "landings", 40), (None, "(other)", "landings", 4)]


RECORDS = [{"domain": HOST, "page": f"{HOST}/a", "page_title": "A", "page_views": "5", "visits": 4}]
ASKED: dict[str, Any] = {"dateRanges": [{"startDate": "7daysAgo", "endDate": "yesterday"}], "limit": "20"}


def test_a_report_of_the_api_counts_its_days_from_when_it_was_taken(tmp_path: Path) -> None:
    content = {"query": ASKED, "data": RECORDS, "taken_at": "2019-10-10T16:04:30Z", "totals": {}}
    (one,) = reported(tmp_path, json.dumps(content, indent=2).encode(), name="pages.json")
    assert (one.kind, one.day) == ("page totals: pages of 7 days", DAY)
    assert figures(one) == [(HOST, "/a", "page_views", 5), (HOST, "/a", "sessions", 4)]
    content["query"] = ASKED | {"limit": 1}
    (one,) = reported(tmp_path, json.dumps(content).encode(), name="pages.json")
    assert one.frame["doubt"].unique().to_list() == ["cut short"]


def answered(*rows: tuple[str, str, str], **more: Any) -> bytes:
    """An answer of `runReport` (developers.google.com, Data API v1beta), by date and page."""
    values = [
        {"dimensionValues": [{"value": day}, {"value": address}], "metricValues": [{"value": views}]}
        for day, address, views in rows
    ]
    heads = {
        "dimensionHeaders": [{"name": "date"}, {"name": "fullPageUrl"}],
        "metricHeaders": [{"name": "screenPageViews"}],
    }
    return json.dumps(heads | {"rows": values, "rowCount": len(rows)} | more).encode()


def test_an_answer_of_the_api_is_read_as_it_came(tmp_path: Path) -> None:
    rows = (("20191008", f"{HOST}/a", "3"), ("20191009", f"{HOST}/a", "4"))
    days = reported(tmp_path, answered(*rows, metadata={"samplingMetadatas": [{}]}), name="a.json")
    assert [(one.day, one.frame["doubt"][0]) for one in days] == [(date(2019, 10, 8), "sampled"), (DAY, "sampled")]
    assert figures(*days) == [(HOST, "/a", "page_views", 3), (HOST, "/a", "page_views", 4)]
    packed_days = reported(tmp_path, packed(answered(*rows)), name="a.json.gz")
    assert figures(*packed_days) == figures(*days)


def test_personal_data_never_gets_in(tmp_path: Path) -> None:
    sent = (f"{HOST}/a?email=jo@example.com", f"{HOST}/jo@example.com/a", f"https://{HOST}/a#jo@example.com")
    (one,) = reported(tmp_path, saved(*map(page, sent)))
    assert "jo@" not in str(one)
    assert set(one.frame["path"]) == {"/a", "/[email]/a"}


BROKEN = [
    ("null_key", page(path='"  "')),
    ("null_key", page(views="", unique="", entrances="")),
    ("not_integer", page(views="1.5")),
    ("not_integer", page(views='"1.234"')),  # thousands as in other languages: which of two it is, nobody knows
    ("not_integer", page(views="#DIV/0")),
    ("not_integer", page(views='"12,34"')),
    ("not_integer", page(views="<10")),
    ("not_integer", page(views="9" * 40)),
    ("range", page(views="-3")),
    ("bad_page", page(path="mailto:jo@example.com")),
    ("control_character", page(path=f"{HOST}/a\x00b")),
    ("long_path", page(path=f"{HOST}/{'a' * 2_100}")),
    ("long_line", page(path=f"{HOST}/{'a' * 70_000}")),
    ("too_few_fields", f"{HOST}/a,5"),
    ("too_many_fields", page() + ",1"),
    ("bad_quotes", f'"{HOST}/a,5'),
    ("host_not_of_sender", page(path="www.gov.uk/vat-returns")),
    ("host_not_of_sender", page(path="www.universal-credit.service.gov.uk/a")),
    ("host_not_of_sender", page(path="www.irs.gov/")),
]


@pytest.mark.parametrize(("rule", "row"), BROKEN)
def test_a_row_that_breaks_a_rule_is_quarantined_with_its_line(tmp_path: Path, rule: str, row: str) -> None:
    (one,) = reported(tmp_path, saved(page(), row))
    assert (one.read, one.kept, one.quarantined) == (2, 1, {rule: 1})
    assert [(broken.line, broken.rule) for broken in one.quarantine] == [(9, rule)]


def test_a_row_that_is_not_utf8_is_quarantined(tmp_path: Path) -> None:
    (one,) = reported(tmp_path, saved(page(), page(path=f"{HOST}/b")).replace(b"/b", b"/\xff"))
    assert one.quarantined == {"not_utf8": 1}


@pytest.mark.parametrize(
    ("reason", "content", "sender"),
    [
        ("no_agreement", saved(page()), "DWP"),
        ("parts_of_totals", b"date,device,visits\n2019-10-09,mobile,3\n", "HMRC"),
        ("parts_of_totals", saved("x,5", header="Source / Medium,Pageviews"), "HMRC"),
        ("identity_column", saved("/a,5,jo", header="Page,Pageviews,User ID"), "HMRC"),
        ("schema", saved("/a,50%", header="Page,Bounce Rate"), "HMRC"),
        ("schema", saved("/a,5,5", header="Page,Pageviews,Views"), "HMRC"),
        ("schema", saved("/a,5", header="Seite,Seitenaufrufe"), "HMRC"),
        ("no_day", saved(page(), comments=()), "HMRC"),
        ("bad_period", saved(page(), comments=("# 20191009-20191003",)), "HMRC"),
        ("bad_period", saved(page(), comments=("# 20191301-20191303",)), "HMRC"),
        ("bad_period", saved(page(), comments=("# 20191009-99991231",)), "HMRC"),
        ("too_many_broken", saved(f"{HOST}/a,5,999912", header="Page,Pageviews,Month of Year"), "HMRC"),
        ("too_many_broken", saved(page(views="x")), "HMRC"),
        ("too_many_broken", saved(*[page(views="x")] * 21, page()), "HMRC"),
        ("no_header", b"# 20191003-20191009\n\n", "HMRC"),
        ("no_header", b'{"data": []}', "HMRC"),
        ("unreadable", b'{"data": [', "HMRC"),
        ("schema", b'{"dimensionHeaders": [{"name": "date"}], "metricHeaders": [], "rows": [{}]}', "HMRC"),
        ("schema", b'{"dimensionHeaders": 5}', "HMRC"),
        ("schema", b'{"data": [5, null, []]}', "HMRC"),
        ("unreadable", b"[" * 100_000, "HMRC"),
    ],
)
def test_a_file_is_refused_whole_with_its_reason(tmp_path: Path, reason: str, content: bytes, sender: str) -> None:
    name = "report.json" if content[:1] in b"{[" else "report.csv"
    with pytest.raises(errors.Refused) as refused:
        reported(tmp_path, content, Extract("joined", sender, format="ga_report"), name=name)
    assert refused.value.reason == reason


@pytest.mark.parametrize("record", [5, None, {"page": ["x"], "page_views": 1}, {"page": {"a": 1}}, "text"])
def test_a_record_that_is_none_breaks_alone(tmp_path: Path, record: object) -> None:
    content = json.dumps({"query": ASKED, "data": [*RECORDS, record], "taken_at": "2019-10-10"}).encode()
    (one,) = reported(tmp_path, content, name="pages.json")
    assert (one.kept, one.quarantined) == (1, {"bad_json": 1})


def test_a_period_sent_again_is_replaced_whole_and_the_same_file_changes_nothing(tmp_path: Path) -> None:
    chosen = homes.settings_of(tmp_path)
    first = reported(tmp_path, saved(page(views="5"), page(f"{HOST}/b", views="6")))
    assert import_extracts(first, chosen).is_new
    assert not import_extracts(first, chosen).is_new
    other = reported(tmp_path, b"date,visits\n2019-10-09,246\n")  # of another kind: it stays beside
    again = reported(tmp_path, saved(page(views="7")))
    version = import_extracts([*other, *again], chosen)
    assert [one.kind for one in version.manifest.segments] == ["reports"]
    assert version.manifest.segments[0].totals["reports"] == 7
    assert [one.kind for one in version.manifest.deliveries] == [
        "page totals: days of 1 day",
        "page totals: pages of 7 days",
    ]
    report = verify(chosen)
    assert report.right, str(report)


LINES = st.lists(
    st.one_of(
        st.builds(
            page,
            st.sampled_from([f"{HOST}/a", f"{HOST}/b", "(other)", "www.gov.uk/a", " "]),
            st.sampled_from(["0", "12", '"1,200"', "", "x"]),
            st.sampled_from(["3", ""]), st.sampled_from(["1", "-1"]),
        ),
        st.just("a"), st.just(",5,5,,,,,"),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


@settings(max_examples=rounds(25, 400), deadline=None)
@given(rows=LINES)
def test_every_line_is_counted_once_whatever_it_says(tmp_path_factory: pytest.TempPathFactory, rows: list[str]) -> None:
    """Hand-read: a line is kept where its page is HMRC's or none, and no count is wrong; totals are ignored."""
    kept = [row for row in rows if row.startswith((HOST, "(other)")) and ",x," not in row and ",-1," not in row]
    totals = [row for row in rows if row.startswith(",")]
    days = []
    with suppress(errors.Refused):  # for nothing is left
        days = reported(tmp_path_factory.mktemp("random"), saved(*rows))
    assert bool(days) == bool(kept)
    for one in days:
        assert (one.read, one.kept, one.ignored) == (len(rows), len(kept), len(totals))
        assert one.read == one.kept + one.ignored + sum(one.quarantined.values())


def test_totals_are_kept_for_twenty_five_months(tmp_path: Path) -> None:
    days = reported(tmp_path, b"date,visits\n2019-10-09,246\n2019-10-10,255\n")
    import_extracts(days, homes.settings_of(tmp_path))
    later = homes.settings_of(tmp_path, clock=date(2021, 11, 10))
    version = import_extracts([], later)
    assert [(one.day, one.figures) for one in version.purged] == [(DAY, "reports")]
    assert [one.day for one in version.manifest.deliveries] == [date(2019, 10, 10)]
    assert verify(later).right
    with pytest.raises(errors.Refused, match="Days before 2019-10-10 are no longer kept"):
        import_extracts(days, later)
    off = later.model_copy(update={"retention": "off"})
    assert len(import_extracts(days, off).manifest.deliveries) == 2
