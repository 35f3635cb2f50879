"""Rounded journeys balance, stay next to the truth, are fair on average, and are the same whoever asks."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries import flow
from tests.counts import rounds

UNIT = 10
PAGES = st.sampled_from(["/a", "/b", "/c", "/d", "/e"])
JOURNEYS = st.lists(st.tuples(st.lists(PAGES, min_size=1, max_size=6), st.integers(1, 40)), min_size=1, max_size=40)


def network(journeys: list[tuple[list[str], int]]) -> list[flow.Edge]:
    """Edges of step columns, as the explorer draws them: a node is a page at a step, and every journey ends somewhere."""
    edges: Counter[tuple[str, str]] = Counter()
    for pages, sessions in journeys:
        nodes = [f"{step} {page}" for step, page in enumerate(pages)]
        for tail, head in zip(["(start)", *nodes], [*nodes, f"{len(nodes)} (ended)"], strict=True):
            edges[tail, head] += sessions
    return [(tail, head, sessions) for (tail, head), sessions in edges.items()]


def sums(edges: list[flow.Edge], end: int) -> Counter[str]:
    found: Counter[str] = Counter()
    for edge in edges:
        found[str(edge[end])] += edge[2]
    return found


def replaced(edges: list[flow.Edge], values: list[int]) -> list[flow.Edge]:
    return [(tail, head, value) for (tail, head, _), value in zip(edges, values, strict=True)]


@settings(max_examples=rounds(60, 300), deadline=None)
@given(JOURNEYS, st.binary(min_size=8, max_size=8))
def test_rounded_journeys_still_balance_and_lie_next_to_the_truth(
    journeys: list[tuple[list[str], int]], key: bytes
) -> None:
    edges = network(journeys)
    after = replaced(edges, flow.rounded(edges, key, UNIT))
    for node in sums(edges, 0).keys() & sums(edges, 1).keys():
        assert sums(after, 0)[node] == sums(after, 1)[node]
    for (_, _, truth), (_, _, value) in zip(edges, after, strict=True):
        assert value % UNIT == 0
        assert abs(value - truth) < UNIT
    for end in (0, 1):
        for node, truth in sums(edges, end).items():
            assert abs(sums(after, end)[node] - truth) < UNIT
    total = sum(sessions for _, sessions in journeys)
    assert abs(sums(after, 0)["(start)"] - total) < UNIT


@settings(max_examples=rounds(20, 100), deadline=None)
@given(JOURNEYS, st.binary(min_size=8, max_size=8), st.randoms())
def test_the_same_journeys_are_rounded_alike_in_whatever_order_they_come(
    journeys: list[tuple[list[str], int]], key: bytes, random: Random
) -> None:
    edges = network(journeys)
    mixed = list(edges)
    random.shuffle(mixed)
    again = dict(zip([edge[:2] for edge in mixed], flow.rounded(mixed, key, UNIT), strict=True))
    assert [again[edge[:2]] for edge in edges] == flow.rounded(edges, key, UNIT)


@pytest.mark.parametrize("fixed", [False, True])
def test_every_flow_keeps_its_value_on_average(*, fixed: bool) -> None:
    """Also where the total is fixed first: it is then drawn as any published count is."""
    edges = network([(["/a", "/b"], 13), (["/a"], 4), (["/a", "/c", "/b"], 27), (["/b", "/c"], 9)])
    tries = rounds(3_000, 30_000)
    found = [0] * len(edges)
    for attempt in range(tries):
        key = attempt.to_bytes(4)
        total = 60 if attempt % UNIT < 3 else 50
        for place, value in enumerate(flow.rounded(edges, key, UNIT, ("(start)", total) if fixed else None)):
            found[place] += value
    for (_, _, truth), value in zip(edges, found, strict=True):
        assert value / tries == pytest.approx(truth, abs=5 * UNIT / 2 / tries**0.5)


def test_loops_pass_through_a_page_and_whole_flows_stay_as_they_are() -> None:
    edges = [("landing", "/a", 17), ("/a", "/a", 5), ("/a", "exit", 17)]
    landing, _, left = flow.rounded(edges, b"key", UNIT)
    assert landing == left
    assert flow.rounded([("in", "/a", 30), ("/a", "out", 30)], b"key", UNIT) == [30, 30]
    assert flow.rounded([], b"key", UNIT) == []


def test_edges_that_do_not_balance_are_refused() -> None:
    with pytest.raises(ValueError, match="enter a node"):
        flow.rounded([("in", "/a", 30), ("/a", "out", 29)], b"key", UNIT)
    with pytest.raises(ValueError, match="next to"):
        flow.rounded([("in", "/a", 33), ("/a", "out", 33)], b"key", UNIT, ("/a", 50))
