"""What is kept of a segment's pages is kept by the hash of its file and by the viewer's rights, and is the same when kept."""

from dataclasses import replace

import numpy as np

from data.access import PEOPLE
from queries import page_tables
from queries.patterns import key
from tests.stories import estate

HMRC, ANALYST = PEOPLE["service-owner-hmrc"], PEOPLE["estate-analyst"]


def test_a_segment_with_a_hash_is_read_once() -> None:
    with estate("HMRC s1: /a > www.vehicletax.service.gov.uk/x").pinned() as reading:
        (loose,) = [one for one in reading.manifest.segments if one.kind == "day"]
        filed = replace(loose, sha256="1" * 64)
        assert page_tables.table(reading, filed) is page_tables.table(reading, filed)
        assert page_tables.table(reading, loose) is not page_tables.table(reading, loose)
        assert np.array_equal(page_tables.table(reading, filed).key, page_tables.table(reading, loose).key)


def test_what_is_hidden_is_kept_for_each_viewer_apart() -> None:
    with estate("HMRC s1: /a > www.vehicletax.service.gov.uk/x").pinned() as reading:
        (loose,) = [one for one in reading.manifest.segments if one.kind == "day"]
        filed = replace(loose, sha256="2" * 64)
        for _ in range(2):
            assert page_tables.hidden(reading, filed, HMRC).astype(bool).tolist() == [False, False, True]
            assert not page_tables.hidden(reading, filed, ANALYST).any()


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
            (segment,) = [one for one in reading.manifest.segments if one.kind == "day"]
            known.append(page_tables.table(reading, segment).everywhere.tolist())
    (none, first, steady), (_, other, again) = known
    pages = page_tables.everywhere()
    assert (none, steady) == (0, again)
    assert first != other
    assert pages.same[first] == pages.same[other]
    assert pages.key[first] == pages.key[other] == key("www.gov.uk", "/shifting")
