"""`kpi`: what services return of themselves, read from each of its shapes, and stored with the promises of extracts."""

import json
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import errors
from data.intake import CleanedDay, Extract
from data.store import Estate
from data.store.home import Home
from data.store.publish import import_extracts
from data.store.verify import verify
from tests import homes
from tests.counts import rounds
from tests.deliveries import read_all

pytestmark = pytest.mark.usefixtures("without_a_process")
HEADER = "service,channel,count,dataType,period"
HMRC = Extract("joined", "HMRC", format="kpi")
GDS = Extract("joined", "GDS", format="kpi")
Figure = tuple[str, str, float | None]


def table(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *rows, "")).encode()


def returned(folder: Path, content: bytes, extract: Extract = HMRC, *, name: str = "returns.csv") -> list[CleanedDay]:
    return read_all(folder, content, extract, name=name, settings=homes.settings_of(folder))


def figures(*days: CleanedDay) -> list[Figure]:
    return [row for one in days for row in one.frame.select("measure", "channel", "value").iter_rows()]


def test_a_record_is_one_figure_of_a_service_in_a_period(tmp_path: Path) -> None:
    (one,) = returned(tmp_path, table("vat-return,digital,120,transactions-by-channel,2019-10"))
    assert (one.kind, one.day, one.read, one.kept) == ("KPI month", date(2019, 10, 31), 1, 1)
    row = one.frame.row(0, named=True)
    assert (row["service"], row["department"], row["first"]) == ("vat-return", "HMRC", date(2019, 10, 1))
    assert figures(one) == [("transactions", "digital", 120)]


@pytest.mark.parametrize(
    ("data_type", "channel", "figure"),
    [
        ("transactions", "Total", ("transactions", "all")),
        ("digital-takeup", "Online", ("transactions", "digital")),
        ("Transactions by channel", "Face to face", ("transactions", "face-to-face")),
        ("started", "", ("started", "all")),
        ("completion-rate", "completed", ("completed", "all")),
        ("user-satisfaction", "5", ("rating_5", "all")),
        ("satisfaction-1", "", ("rating_1", "all")),
        ("cost", "", ("cost", "all")),
    ],
)
def test_a_data_type_and_a_channel_say_what_is_counted(
    tmp_path: Path, data_type: str, channel: str, figure: tuple[str, str]
) -> None:
    assert figures(*returned(tmp_path, table(f"vat-return,{channel},7,{data_type},2019-10"))) == [(*figure, 7)]


@pytest.mark.parametrize(
    ("period", "kind", "first", "last"),
    [
        ("2020-02", "KPI month", date(2020, 2, 1), date(2020, 2, 29)),
        ("2019-Q4", "KPI quarter", date(2019, 10, 1), date(2019, 12, 31)),
        ("2019", "KPI year", date(2019, 1, 1), date(2019, 12, 31)),
        ("2020-W01", "KPI week", date(2019, 12, 30), date(2020, 1, 5)),
        ("2019-04-01..2020-03-31", "KPI year", date(2019, 4, 1), date(2020, 3, 31)),
        ("2019-10-01/2019-10-31", "KPI month", date(2019, 10, 1), date(2019, 10, 31)),
    ],
)
def test_a_period_is_a_week_a_month_a_quarter_or_a_year(
    tmp_path: Path, period: str, kind: str, first: date, last: date
) -> None:
    (one,) = returned(tmp_path, table(f"vat-return,all,1,cost,{period}"))
    assert (one.kind, one.frame["first"].item(), one.frame["last"].item()) == (kind, first, last)


def test_a_period_may_be_a_unit_beside_its_first_moment(tmp_path: Path) -> None:
    header = "_timestamp,service,channel,count,dataType,period"
    (one,) = returned(tmp_path, table("2019-10-01T00:00:00+00:00,vat-return,phone,9,transactions,month", header=header))
    assert (one.day, figures(one)) == (date(2019, 10, 31), [("transactions", "phone", 9)])


def test_columns_may_bear_the_names_of_measures(tmp_path: Path) -> None:
    header = "service,period,started,completed,cost,rating_1,rating_5"
    (one,) = returned(tmp_path, table("vat-return,2019-10,100,80,412.50,,3", header=header))
    assert figures(one) == [
        ("started", "all", 100), ("completed", "all", 80), ("cost", "all", 412.5), ("rating_5", "all", 3),
    ]  # fmt: skip


def test_quarterly_volumes_of_services_that_the_register_does_not_hold_come_by_gds(tmp_path: Path) -> None:
    header = "service_slug,department_abbr,quarter,transactions,digital_transactions"
    rows = ("co-honours,CO,2016-Q4,40.0,50.0", "ago-estates,AGO,2016-Q4,,", "hmt-bonds,HM Treasury,2017-Q1,7,")
    autumn, winter = returned(tmp_path, table(*rows, header=header), GDS)
    assert autumn.frame["department"].to_list() == ["Cabinet Office", "Cabinet Office", "AGO"]
    assert figures(autumn) == [
        ("transactions", "all", 40),
        ("transactions", "digital", 50),
        ("transactions", "all", None),
    ]
    assert (autumn.kept, winter.kept, winter.frame["department"].item()) == (2, 1, "HM Treasury")


RECORDS: list[dict[str, Any]] = [
    {"service": "vat-return", "channel": "digital", "count": 120, "dataType": "transactions", "period": "2019-10"},
    {"service": "vat-return", "channel": None, "count": 412.5, "dataType": "cost", "period": "2019-11"},
]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(RECORDS),
        json.dumps({"data": RECORDS}, indent=2),
        "\n".join(map(json.dumps, RECORDS)),
    ],
    ids=["array", "data", "lines"],
)
def test_json_says_the_same_as_csv(tmp_path: Path, content: str) -> None:
    rows = table("vat-return,digital,120,transactions,2019-10", "vat-return,,412.5,cost,2019-11")
    plain = [(one.day, one.kind, figures(one)) for one in returned(tmp_path, rows)]
    told = returned(tmp_path, content.encode(), name="returns.json")
    assert [(one.day, one.kind, figures(one)) for one in told] == plain


BROKEN = [
    ("null_key", ",all,1,cost,2019-10"),
    ("null_key", "vat-return,all,1,,2019-10"),
    ("bad_service", "VAT return,all,1,cost,2019-10"),
    ("bad_period", "vat-return,all,1,cost,2019-13"),
    *(("bad_period", f"vat-return,all,1,cost,{period}") for period in ("0001", "9998", "9999", "9999-W52", "9999-Q4")),
    ("bad_period", "vat-return,all,1,cost,2019-10-01..2019-10-30"),
    ("unknown_data_type", "vat-return,all,1,happiness,2019-10"),
    ("unknown_data_type", "vat-return,6,1,satisfaction,2019-10"),
    ("bad_channel", "vat-return,a; b,1,transactions,2019-10"),
    ("not_integer", "vat-return,all,1.5,transactions,2019-10"),
    ("not_integer", 'vat-return,all,"1,234",transactions,2019-10'),
    ("not_number", "vat-return,all,free,cost,2019-10"),
    ("range", "vat-return,all,-1,transactions,2019-10"),
    ("range", "vat-return,all,1.2,target-completion-rate,2019-10"),
    ("too_few_fields", "vat-return,all,1"),
    ("duplicate_row", "vat-return,all,5,completed,2019-10"),
    ("service_not_of_sender", "vehicle-tax,all,5,completed,2019-10"),
]


@pytest.mark.parametrize(("rule", "row"), BROKEN)
def test_a_row_that_breaks_a_rule_is_quarantined_with_its_line(tmp_path: Path, rule: str, row: str) -> None:
    (one,) = returned(tmp_path, table("vat-return,all,3,completed,2019-10", row))
    assert (one.read, one.kept, one.quarantined) == (2, 1, {rule: 1})
    assert [(broken.line, broken.rule) for broken in one.quarantine] == [(3, rule)]
    assert figures(one) == [("completed", "all", 3)]


def test_what_gds_sends_needs_a_department_that_the_register_knows(tmp_path: Path) -> None:
    header = f"department,{HEADER}"
    rows = [
        f"{department},service-{n},all,1,cost,2019-10" for n, department in enumerate(("", "Ministry of Magic", "DfT"))
    ]
    (one,) = returned(tmp_path, table(*rows, header=header), GDS)
    assert one.quarantined == {"unknown_department": 1, "unknown_service": 1}


def test_words_with_personal_data_are_no_names(tmp_path: Path) -> None:
    header = f"agency,{HEADER}"
    rows = [f"{agency},a-service,all,1,cost,2019-10" for agency in ("Tax Agency", "of jo@example.com")]
    (one,) = returned(tmp_path, table(*rows, header=header))
    assert (one.frame["agency"].to_list(), one.quarantined) == (["Tax Agency"], {"personal_data": 1})


@pytest.mark.parametrize(
    ("reason", "content", "sender"),
    [
        ("no_agreement", table("universal-credit,all,1,cost,2019-10"), "DWP"),
        ("schema", table("vat-return,1", header="service,count"), "HMRC"),
        ("identity_column", table("vat-return,2019-10,1,a@b.org", header="service,period,cost,email"), "HMRC"),
        ("too_many_broken", table("VAT,all,1,cost,2019-10"), "HMRC"),
        ("too_many_broken", table(*["vat-return,all,x,cost,2019-10"] * 21), "HMRC"),
    ],
)
def test_a_file_is_refused_whole_with_its_reason(tmp_path: Path, reason: str, content: bytes, sender: str) -> None:
    with pytest.raises(errors.Refused) as refused:
        returned(tmp_path, content, Extract("joined", sender, format="kpi"))
    assert refused.value.reason == reason


LINES = st.lists(
    st.one_of(
        st.builds(
            "{},{},{},{},{}".format,
            st.sampled_from(["vat-return", "self-assessment", "vehicle-tax", ""]),
            st.sampled_from(["digital", "phone", ""]),
            st.sampled_from(["0", "12", "12.0", "", "x"]),
            st.sampled_from(["transactions", "cost", "rating-3", "odd"]),
            st.sampled_from(["2019-10", "2019-11", "2019-Q4", "soon"]),
        ),
        st.just("a"),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


@settings(max_examples=rounds(25, 400), deadline=None)
@given(rows=LINES)
def test_every_line_is_counted_once_whatever_it_says(tmp_path_factory: pytest.TempPathFactory, rows: list[str]) -> None:
    """Hand-read: a line is kept where service, type and period are known, the count is one, and it stands there first."""
    kept: set[tuple[str, ...]] = set()
    for line in rows:
        service, channel, count, data_type, period = line.split(",") if "," in line else ("", "", "", "", "")
        if service in {"vat-return", "self-assessment"} and count != "x" and data_type != "odd" and period != "soon":
            # Without a figure the service is there, and no more is said.
            kept.add(
                (service, period, data_type, channel or "all") if count else (service, period, "transactions", "all")
            )
    folder = tmp_path_factory.mktemp("random")
    days = []
    with suppress(errors.Refused):  # for nothing is left
        days = returned(folder, table(*rows))
    assert sum(one.kept for one in days) == len(kept)
    assert sum(one.read for one in days) == (len(rows) if kept else 0)
    assert all(one.read == one.kept + sum(one.quarantined.values()) for one in days)


def held(settings_: Any) -> dict[str, float]:
    """The figures that stand in the published estate, by service and period."""
    sql = "select service, last, value from service_return order by service, last"
    with closing(Estate.open(settings_)) as estate, estate.pinned() as reading:
        parts = [reading.run(one, sql) for one in reading.returns()]
    return {f"{service} {last}": value for part in parts for service, last, value in part.iter_rows()}


def test_a_period_sent_again_is_replaced_whole_and_the_same_file_changes_nothing(tmp_path: Path) -> None:
    chosen = homes.settings_of(tmp_path)
    first = returned(tmp_path, table("vat-return,all,1,cost,2019-09", "self-assessment,all,2,cost,2019-10"))
    assert import_extracts(first, chosen).is_new
    again = import_extracts(first, chosen)
    assert (again.is_new, len(again.duplicates)) == (False, 2)
    assert import_extracts(returned(tmp_path, table("vat-return,all,5,cost,2019-10")), chosen).number == 2
    assert held(chosen) == {"vat-return 2019-09-30": 1, "vat-return 2019-10-31": 5}
    assert verify(chosen).right


def test_returns_and_journeys_leave_each_other_alone(tmp_path: Path) -> None:
    """Neither do old returns expire nor those of a closed month need the month's extracts; nor do they make days."""
    chosen = homes.settings_of(tmp_path, date(2019, 12, 20), restatement_days=0)
    import_extracts(homes.extracts("HMRC s1: /a > /b"), chosen)
    rows = table("vat-return,all,1,cost,2012-Q3", "vat-return,all,2,cost,2019-10", "vat-return,all,3,cost,2019-11")
    version = import_extracts(returned(tmp_path, rows), chosen)
    assert [one.kind for one in version.manifest.segments] == ["month", "returns"]
    assert version.manifest.days("joined") == {date(2019, 10, 1)}
    assert (len(held(chosen)), homes.sums(chosen)["page_views"]) == (3, 2)
    import_extracts(homes.extracts("HMRC s2: /a", day=date(2019, 12, 2)), chosen)
    assert len(held(chosen)) == 3
    assert verify(chosen).right


def test_returns_are_encrypted_on_disk_and_a_changed_byte_is_found(tmp_path: Path) -> None:
    chosen = homes.settings_of(tmp_path)
    import_extracts(returned(tmp_path, table("vat-return,all,1,cost,2019-10")), chosen)
    files = [file for file in Home.open(chosen).folder.rglob("*") if file.is_file()]
    assert not [file for file in files if b"vat-return" in file.read_bytes()]
    (file,) = (Home.open(chosen).folder / "segments").iterdir()
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert not verify(chosen).right


def test_the_figures_of_a_frame_are_typed_as_the_contract_says(tmp_path: Path) -> None:
    from data.contract import RETURNED

    (one,) = returned(tmp_path, table("vat-return,all,1,cost,2019-10"))
    assert one.frame.schema == pl.Schema(RETURNED)
