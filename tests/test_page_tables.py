"""What is kept of a segment's pages is kept by the hash of its file and by the viewer's rights, and is the same when kept."""

from dataclasses import replace

import numpy as np

from data.access import PEOPLE
from queries import page_tables
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
    pages = np.array([2, 1, 2])
    for lines in (["HMRC s1: /one > /two"], ["HMRC s1: /two > /three"]):
        with estate(*lines).pinned() as reading:
            (segment,) = [one for one in reading.manifest.segments if one.kind == "day"]
            once, again = (page_tables.names(reading, segment, pages) for _ in range(2))
            assert once == again == (["/two", "/one", "/two"] if "/one" in lines[0] else ["/two", "/three", "/two"])
