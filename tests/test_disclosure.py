"""Small numbers: what is hidden inside, what is rounded for publication, and that asking again tells nothing more."""

import itertools
from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import errors
from data.access import PEOPLE, Viewer
from data.periods import Period
from data.store import Estate
from queries import disclosure, publication
from queries.ask import ask, questions
from queries.asking import WHOLE_ESTATE, Asking, Flow, Frames
from queries.columns import count, derived, label
from queries.metrics import ratio
from queries.parameters import Common, read
from tests.counts import rounds
from tests.examples import PUBLISHED
from tests.stories import estate

JSON = dict[str, Any]
MONTH = Period(date(2019, 10, 1), date(2019, 10, 31))
COLUMNS = (
    label("department"), count("exits", "sessions"), count("views", "page views"),
    derived("rate", "share", ratio("exits", "views"), denominators=("views",)), derived("low", "share", ("exits", "views")),
)  # fmt: skip


def asking(viewer: Viewer = PEOPLE["analyst-dft"], key: bytes = b"key", **given: Any) -> Asking[Any]:
    """A question as far as rights and rounding look at it."""
    wanted = read(Common, given)
    return Asking(None, viewer, wanted, MONTH, None, wanted.account, None, key)  # type: ignore[arg-type]


def frame(*rows: tuple[str | None, int | None, int]) -> pl.DataFrame:
    found = pl.DataFrame(rows, {"department": pl.String, "exits": pl.Int64, "views": pl.Int64}, orient="row")
    return found.with_columns(rate=ratio("exits", "views"), low=pl.lit(0.1))


def disclosed(viewer: str, *rows: tuple[str | None, int | None, int]) -> list[JSON]:
    question: Any = SimpleNamespace(COLUMNS=COLUMNS, MORE_COLUMNS={})
    return disclosure.disclose(Frames(frame(*rows)), asking(PEOPLE[viewer]), question).main.to_dicts()


def test_cells_of_another_department_below_ten_are_hidden_with_their_rates() -> None:
    small, whole = disclosed("analyst-dft", ("HMRC", 9, 100), ("HMRC", 10, 100))
    assert (small["exits"], small["views"], small["rate"], small["low"]) == (None, 100, None, None)
    assert small["suppressed"] == ["exits", "rate", "low"]
    assert (whole["exits"], whole["rate"], whole["suppressed"]) == (10, 0.1, [])


def test_zero_of_another_department_is_hidden_and_no_value_is_not_called_hidden() -> None:
    zero, nothing = disclosed("analyst-dft", ("HMRC", 0, 100), ("HMRC", None, 100))
    assert (zero["exits"], zero["suppressed"]) == (None, ["exits", "rate", "low"])
    assert (nothing["exits"], nothing["suppressed"]) == (None, [])


def test_ones_own_cells_are_exact_and_so_is_the_whole_estate() -> None:
    assert [row["exits"] for row in disclosed("analyst-dft", ("DfT", 1, 2), (WHOLE_ESTATE, 3, 4))] == [1, 3]


def test_what_belongs_to_nobody_is_nobodys_own() -> None:
    assert disclosed("analyst-dft", (None, 1, 2))[0]["exits"] is None


@pytest.mark.parametrize("viewer", ["estate-analyst", "leadership"])
def test_some_roles_see_everything_exactly(viewer: str) -> None:
    assert [row["exits"] for row in disclosed(viewer, ("HMRC", 1, 2), (None, 0, 4))] == [1, 0]


CELLS = [(device, channel) for device in range(3) for channel in range(3)]


def atoms(counts: Sequence[int], of: str = "page /a", period: str = "2019-10") -> pl.DataFrame:
    rows = [(of, period, device, channel, n) for (device, channel), n in zip(CELLS, counts, strict=True)]
    types = {"set": pl.String, "period": pl.String, "device": pl.UInt8, "channel": pl.UInt8, "n": pl.Int64}
    return pl.DataFrame(rows, types, orient="row")


def published(frame: pl.DataFrame, key: bytes = b"key", **given: Any) -> int:
    """The one count that is published of these atoms, 0 where it is hidden."""
    found = publication.sums(frame, asking(key=key, **given))["n"]
    return max(0, found.item()) if len(found) else 0


COUNTS = st.lists(st.integers(0, 60), min_size=len(CELLS), max_size=len(CELLS))


@given(COUNTS, st.binary(min_size=4, max_size=4))
def test_every_total_is_one_of_the_two_tens_beside_the_truth_or_hidden(counts: list[int], key: bytes) -> None:
    mobile = sum(n for (device, _), n in zip(CELLS, counts, strict=True) if device == 2)
    asked: list[tuple[JSON, int]] = [({}, sum(counts)), ({"device": "mobile"}, mobile)]
    for given_, truth in asked:
        found = publication.sums(atoms(counts), asking(key=key, **given_))["n"].to_list()
        value = found[0] if found else publication.HIDDEN
        assert value == publication.HIDDEN or (value % 10 == 0 and value >= 10 and abs(value - truth) < 10)
        assert truth >= 10 or value == publication.HIDDEN


@given(COUNTS, st.binary(min_size=4, max_size=4))
def test_devices_add_up_to_their_total_and_a_larger_count_stays_larger(counts: list[int], key: bytes) -> None:
    large = atoms([n + 100 for n in counts])
    parts = [published(large, key, device=device) for device in ("desktop", "mobile")]
    none = published(large, key) - sum(parts)  # of devices that aren't known
    assert abs(none - sum(n + 100 for (d, _), n in zip(CELLS, counts, strict=True) if d == 0)) < 10
    larger = large.with_columns(more=pl.col("n") + 3)
    row = publication.sums(larger, asking(key=key))
    assert row["more"].item() >= row["n"].item()


@given(COUNTS, st.binary(min_size=4, max_size=4), st.sampled_from(CELLS))
def test_days_of_both_periods_are_rounded_in_each_as_they_are_alone(
    counts: list[int], key: bytes, cell: tuple[int, int]
) -> None:
    """A comparison may share weeks or months with the period; asking with it says of neither anything new."""
    alone = atoms(counts)
    given_: JSON = {"device": ("desktop", "mobile")[cell[0] % 2]} if cell[1] else {}
    both = pl.concat([alone.with_columns(side=pl.lit(side)) for side in ("", "_comparison")])
    wanted = publication.sums(alone, asking(key=key, **given_))["n"].to_list()
    assert publication.sums(both, asking(key=key, **given_))["n"].to_list() == wanted * 2


def test_rounding_is_fair_on_average() -> None:
    counts = [13, 0, 7, 21, 4, 19, 2, 30, 16]
    tries = rounds(2_000, 20_000)
    keys = [attempt.to_bytes(4) for attempt in range(tries)]
    for given_, truth in (({}, 112), ({"device": "desktop"}, 44), ({"channel": "direct"}, 34)):
        values = [published(atoms(counts), key, **given_) for key in keys]
        assert np.mean(values) == pytest.approx(truth, abs=5 * 10 / tries**0.5)


def test_asking_again_in_other_words_tells_nothing_more() -> None:
    """Whatever is asked, an answer is a function of rounded atoms: the same atoms behind other truths say the same."""
    counts, key = [13, 0, 7, 21, 4, 19, 2, 30, 16], b"key"
    start = publication.start(asking(key=key), "page /a", "2019-10")
    running = np.cumsum([start, *counts])
    other = np.diff([start, *(running[1:] // 10 * 10 + 9)])  # other truths with the same tens
    assert list(other) != counts
    for device, channel in itertools.product(("", "desktop", "mobile"), ("", "direct", "search engine")):
        given_: JSON = {name: value for name, value in (("device", device), ("channel", channel)) if value}
        one, two = (publication.sums(atoms(c), asking(key=key, **given_))["n"].item() for c in (counts, other.tolist()))
        assert one == two or publication.HIDDEN in {one, two}


def test_a_quarter_is_the_sum_of_its_months_and_a_file_says_what_another_says() -> None:
    months = [atoms([17] * len(CELLS), period=f"2019-{month}") for month in (10, 11, 12)]
    assert published(pl.concat(months)) == sum(published(month) for month in months)
    assert published(months[0]) == published(months[0].sample(fraction=1, shuffle=True, seed=1))
    more = pl.concat([months[0], atoms([5] * len(CELLS), of="page /b")])
    assert publication.sums(more, asking()).filter(pl.col("set") == "page /a")["n"].item() == published(months[0])


def test_rates_are_made_of_rounded_parts_and_hidden_over_few() -> None:
    found = pl.DataFrame({"exits": [20, 20, -1, 70], "views": [50, 40, 60, 60]}).with_columns(rate=0.0, low=0.1)
    sealed = disclosure.seal(publication.recomputed(found, COLUMNS[1:]), COLUMNS[1:])
    assert sealed["rate"].to_list() == [0.4, None, None, None]
    assert sealed["low"].to_list() == [None] * 4
    assert sealed["suppressed"].to_list() == [[], [], ["exits", "rate", "low"], []]


def test_a_flow_is_rounded_by_month_balances_and_agrees_with_the_count_elsewhere() -> None:
    edges = [
        (month, tail, head, n)
        for month in ("2019-10", "2019-11")
        for tail, head, n in (("(start)", "/a", 137), ("/a", "/b", 95), ("/a", "(ended)", 42), ("/b", "(ended)", 95))
    ]
    types = {"period": pl.String, "tail": pl.String, "head": pl.String, "sessions": pl.Int64}
    journeys = Flow(pl.DataFrame(edges, types, orient="row"), "(start)", "page /a")
    found = dict(
        zip(
            *publication.balanced(journeys, asking()).edges.select(pl.format("{} {}", "tail", "head"), "sessions"),
            strict=True,
        )
    )
    whole = sum(published(atoms([137] + [0] * 8, period=month)) for month in ("2019-10", "2019-11"))
    assert found["(start) /a"] == whole == found["/a /b"] + found["/a (ended)"]
    assert found["/a /b"] == found["/b (ended)"]
    with pytest.raises(errors.BadRequest, match="all devices"):
        publication.balanced(journeys, asking(device="mobile"))


HELD = estate(
    *(f"2019-10-{1 + n % 31:02} HMRC o{n} [{('mobile', 'desktop')[n % 2]}]: /a > /b > /c/{n % 9}" for n in range(137)),
    *(f"2019-11-{1 + n % 30:02} HMRC n{n}: /a > /b > www.tax.service.gov.uk/x" for n in range(64)),
    by="month",
)


def said(question: str, held: Estate = HELD, person: str = "estate-analyst", **asked: Any) -> Any:
    given_: JSON = {"publication": True, "from": "2019-10-01", "to": "2019-10-31"}
    return ask(held, PEOPLE[person], question, given_ | asked).value


REFUSED: list[tuple[JSON, str]] = [
    ({"from": "2019-10-02"}, "from"), ({"to": "2019-10-30"}, "from"), ({"compare": "2019-09-02..2019-09-30"}, "compare"),
    ({"device": "mobile,tablet"}, "device"), ({"country": "France"}, "country"), ({"page": "/a*"}, "page"),
    ({"page": "/a,/b"}, "page"), ({"document_type": "guide"}, "document_type"), ({"structure": "now"}, "structure"),
    ({"attribution": "tagged"}, "attribution"), ({"department": "HMRC,DfT"}, "department"), ({"organisation": "HMRC"}, "organisation"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "field"), REFUSED, ids=[str(asked) for asked, _ in REFUSED])
def test_only_fixed_periods_and_fixed_sets_are_published(asked: JSON, field: str) -> None:
    with pytest.raises(errors.BadRequest) as refused:
        said("pages", **asked)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "days", ["2019-09-30..2019-10-06", "2019-09-30..2019-10-13", "2019-10-01..2019-12-31", "2019-01-01..2019-12-31"]
)
def test_whole_weeks_months_quarters_and_years_are_published(days: str) -> None:
    asked: JSON = dict(zip(("from", "to"), days.split(".."), strict=True))
    assert said("summary", **asked)


@pytest.mark.parametrize(
    "asked", [{"from": "2097-12-01", "to": "2097-12-31"}, {"compare": "2097-10-01..2097-10-31"}], ids=str
)
def test_a_month_that_is_not_over_is_not_published_for_its_figures_still_grow_day_by_day(asked: JSON) -> None:
    with pytest.raises(errors.BadRequest, match="that are over") as refused:
        said("summary", **asked)
    assert refused.value.field == ("compare" if "compare" in asked else "from")


def numbers(rows: list[JSON]) -> list[int]:
    counted = ("sessions", "page_views", "landings", "exits", "searches", "not_found")
    return [row[name] for row in rows for name in counted if row.get(name) is not None]


def test_what_is_published_is_in_tens_from_ten_whoever_asks() -> None:
    for question, rows in (("summary", said("summary")), ("pages", said("pages")["pages"])):
        assert numbers(rows)
        assert all(value >= 10 and value % 10 == 0 for value in numbers(rows)), question
    for person in ("estate-analyst", "leadership", "service-owner-hmrc"):
        assert said("summary", person=person) == said("summary")
    assert "www.tax" not in str(said("pages", person="analyst-dft", to="2019-11-30"))


def test_a_page_says_the_same_in_every_list_and_its_months_add_up() -> None:
    def sessions(**asked: Any) -> int:
        return int(next(row["sessions"] for row in said("pages", **asked)["pages"] if row["page"] == "/a"))

    assert (
        sessions() == sessions(page="/a") == sessions(sort="sessions", order="ascending") == sessions(department="HMRC")
    )
    both = sessions(to="2019-11-30")
    assert both == sessions() + sessions(**{"from": "2019-11-01", "to": "2019-11-30"})
    assert sessions(device="mobile") + sessions(device="desktop") == sessions()
    assert abs(both - 201) < 20


def test_the_newest_whole_month_is_published_and_compared_with_the_one_before() -> None:
    about = ask(HELD, PEOPLE["estate-analyst"], "summary", {"publication": True}).about
    assert (str(about.period), str(about.comparison)) == ("2019-11-01..2019-11-30", "2019-10-01..2019-10-31")
    assert about.publication


@pytest.mark.parametrize("question", questions())
def test_a_question_is_published_or_says_why_not_and_what_else_is(question: str) -> None:
    plain = PUBLISHED.get(question, {})
    if question in publication.UNPUBLISHED:
        with pytest.raises(errors.BadRequest, match="can't be published") as refused:
            said(question, **plain)
        assert refused.value.field == "publication"
        assert refused.value.detail == publication.UNPUBLISHED[question]
    else:
        said(question, **plain)


def test_only_questions_that_there_are_say_why_they_are_not_published() -> None:
    assert publication.UNPUBLISHED.keys() < questions().keys()
