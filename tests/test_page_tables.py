"""What is kept of a segment's pages is kept by the hash of its file and by the viewer's rights, and is the same when kept."""

from dataclasses import replace
from typing import Any

import numpy as np

from data.access import PEOPLE, Viewer
from queries.ask import ask
from queries.asking import Asking
from queries.page_sets.patterns import key
from queries.pages import page_tables
from queries.parameters import Common
from tests.stories import estate

HMRC, ANALYST = PEOPLE["service-owner-hmrc"], PEOPLE["estate-analyst"]


def test_a_segment_is_read_once_for_each_hash() -> None:
    with estate("HMRC s1: /a > www.vehicletax.service.gov.uk/x").pinned() as reading:
        one = next(one for one in reading.manifest.segments if one.kind == "day")
        other = replace(one, sha256="1" * 64)
        assert page_tables.table(reading, one) is page_tables.table(reading, one)
        assert page_tables.table(reading, one) is not page_tables.table(reading, other)
        assert np.array_equal(page_tables.table(reading, one).key, page_tables.table(reading, other).key)


def test_what_is_hidden_is_kept_for_each_viewer_apart() -> None:
    held = estate("HMRC s1: /a > www.vehicletax.service.gov.uk/x")
    with held.pinned() as reading:
        one = next(one for one in reading.manifest.segments if one.kind == "day")
        asking = Asking(reading, HMRC, Common(), one.period, None, "joined", held.settings, b"")
        for _ in range(2):
            assert page_tables.hidden(asking, one).astype(bool).tolist() == [False, False, True]
            assert not page_tables.hidden(replace(asking, viewer=ANALYST), one).any()


def test_a_page_is_named_the_same_from_any_segment() -> None:
    one, two, three = (key("www.gov.uk", path) for path in ("/one", "/two", "/three"))
    with estate("HMRC s1: /one > /two", "2019-10-02 HMRC s2: /two > /three").pinned() as reading:
        segments = [one for one in reading.manifest.segments if one.kind == "day"]
        for _ in range(2):
            assert page_tables.names(reading, segments, [two, one, two, three]) == ["/two", "/one", "/two", "/three"]


def test_a_page_has_one_number_everywhere_and_another_one_for_each_owner() -> None:
    known = []
    for owner in ("HMRC", "DfT"):
        with estate(f"HMRC s1: {owner}:/shifting > HMRC:/steady").pinned() as reading:
            segment = next(one for one in reading.manifest.segments if one.kind == "day")
            known.append(page_tables.table(reading, segment).everywhere.tolist())
    (none, first, steady), (_, other, again) = known
    pages = page_tables.everywhere()
    assert (none, steady) == (0, again)
    assert first != other
    assert pages.same[first] == pages.same[other]
    assert pages.key[first] == pages.key[other] == key("www.gov.uk", "/shifting")


def test_a_page_that_changed_department_is_hidden_by_its_owner_of_today_and_told_as_the_one_asked_for() -> None:
    held = estate(*(f"2020-08-20 DFID s{n}: /a > devtracker.dfid.gov.uk/x" for n in range(12)))
    days = {"from": "2020-08-20", "to": "2020-08-20"}
    for structure, name in (("then", "(DFID)"), ("now", "(FCDO)")):
        asked = {**days, "structure": structure}
        listed: Any = ask(held, HMRC, "pages", asked).value
        walked: Any = ask(held, HMRC, "explore", {**asked, "anchor": "/a"}).value
        assert name in {row["page"] for row in listed["pages"]}
        assert walked["steps"][1]["hidden_departments"] == {name: 12}
    for person in ("DFID", "FCDO"):
        viewer = Viewer("somebody", "service owner", frozenset({person}))
        seen: Any = ask(held, viewer, "pages", days).value
        assert [row["page"] for row in seen["pages"]] == ["/a", "devtracker.dfid.gov.uk/x"]
