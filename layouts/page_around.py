"""The pages before and after one: as two tables whose totals are its page views, and as bars for the picture."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from layouts import formats
from layouts.components import figures, files, graph, link, more
from layouts.figures import bars
from layouts.figures.bars import Bar
from layouts.markup import Child, Element, div, h2, p, section, strong
from layouts.usage_state import Page, Usage

NAMED: Final = 8  # on each side
SIDES: Final = {"previous": "Came from", "following": "Went on to"}
API: Final = {"previous": ("previous_pages", "previous"), "following": ("next_pages", "following")}
Part = tuple[str, int | None]  # a name and its page views


def title(state: Usage) -> str:
    """What the picture shows."""
    return f"Where people come from before {state.page} and go after"


def sides(value: Mapping[str, Any], side: str) -> list[Mapping[str, Any]]:
    """The pages of a side, of `page` or of `next_pages`."""
    found = next(value[name] for name in API[side] if name in value)
    return list(found)


def parts_of(value: Mapping[str, Any], side: str) -> Iterator[Part]:
    """Everything that a side is made of; it adds up to the page views where nothing is hidden."""
    pages = sides(value, side)
    for row in pages[:NAMED]:
        yield row["page"], row["page_views"]
    left = [row["page_views"] for row in pages[NAMED:]]
    other = value["other"][side]
    if left or other:
        yield "Other pages", None if other is None or None in left else sum(left) + other
    yield "The same page again (loops)", value["loops"]
    if side == "previous":
        yield "Began here (landings)", value["landings"]
    else:
        yield "Nothing more seen (exits)", value["exits"]


def sentence(state: Usage, value: Mapping[str, Any]) -> str:
    """The answer in one sentence with numbers."""
    views = value["page_views"]
    if views is None:
        return "Fewer than 10 page views: too few to be shown."
    if not views:
        return f"No session saw {state.page} on these days."
    before, after = (_most(value, side) for side in SIDES)
    landed, exited = formats.rate(value["landings"], views), formats.rate(value["exits"], views)
    came = f", and most others came from {before}" if before else ""
    went = f", and most others went on to {after}" if after else ""
    return f"Of {formats.counted(views, 'page view')} of {state.page}, {landed} began a session{came}; {exited} were the last seen{went}."


def _most(value: Mapping[str, Any], side: str) -> str:
    """The page most seen on a side."""
    named = [row for row in sides(value, side) if row["page_views"] is not None]
    first = named[0]["page"] if named else ""
    return "a service that isn't shared" if first == "(not shared)" else first


def figure(_: Usage, value: Mapping[str, Any]) -> dict[str, Any]:
    """Both sides as bars of one scale."""
    drawn = [_bar(value, side, part) for side in SIDES for part in parts_of(value, side) if part[1] != 0]
    return bars.figure(drawn, "Page views; each side adds up to all of them")


def _bar(value: Mapping[str, Any], side: str, part: Part) -> Bar:
    name, views = part
    said = f"{formats.whole(views)}, {formats.rate(views, value['page_views'])}"
    return Bar(f"{SIDES[side]}: {name}", views, said, quiet=not _is_page(name))


def _is_page(name: str) -> bool:
    return "/" in name or name.startswith("(")


def parts(state: Usage, value: Mapping[str, Any], said: str, *, pictures: bool) -> Element:
    """The tables side by side, each with its total, landings by channel, the picture and its files."""
    drawn = figure(state, value)
    many = round((drawn["layout"]["height"] - bars.FOOT) / bars.ROW)
    return section(
        h2("Before and after", class_="govuk-heading-m"), p(_adds_up(value), class_="govuk-body"),
        div([_table(state, value, side) for side in SIDES], class_="beside"), _landings(value),
        more("The same as a picture", graph("page", drawn, f"{title(state)}. {said}", bars.height(many))),
        files(lambda kind: state.address(f"/files/page.{kind}"), pictures=pictures),
    )  # fmt: skip


def _adds_up(value: Mapping[str, Any]) -> str:
    """The balance in words and numbers."""
    views = value["page_views"]
    if views is None or None in {value["loops"], value["landings"], value["exits"]}:
        return "Both sides add up to the page views; some numbers are hidden here."
    others = [views - value["loops"] - value[end] for end in ("landings", "exits")]
    sums = [f"{formats.whole(other)} {words} + {formats.whole(value['loops'])} loops + {formats.whole(value[end])} {end}"
            for other, words, end in zip(others, ("from other pages", "to other pages"), ("landings", "exits"), strict=True)]  # fmt: skip
    return f"{formats.whole(views)} page views = {sums[0]} = {sums[1]}."


def _table(state: Usage, value: Mapping[str, Any], side: str) -> Element:
    views = value["page_views"]
    rows: list[list[Child]] = [
        [named(state, name), formats.whole(number), formats.rate(number, views)]
        for name, number in parts_of(value, side)
    ]
    rows.append([strong("All page views"), strong(formats.whole(views)), formats.rate(views, views)])
    return figures(SIDES[side], [SIDES[side], "Page views", "Share"], rows, numbers=frozenset({1, 2}))


def named(state: Usage, name: str) -> Child:
    """A page's name that leads to its own profile; what isn't a page leads nowhere."""
    if name == "(not shared)":
        return "A service that isn't shared"
    if "/" not in name or name.startswith("("):
        return "Began here" if name == "(landing)" else name
    return link(formats.named(name), state.elsewhere(Page, page=name))


def _landings(value: Mapping[str, Any]) -> Element | None:
    """How those came that began here."""
    channels = sorted(value["landings_by_channel"].items(), key=lambda one: (-(one[1] or 0), one[0]))
    if not channels:
        return None
    rows: list[list[Child]] = [
        [f"{name[:1].upper()}{name[1:]}", formats.whole(number), formats.rate(number, value["landings"])]
        for name, number in channels
    ]
    return more(
        "Landings by channel",
        figures(
            "Landings by channel", ["Channel", "Landings", "Share"], rows, numbers=frozenset({1, 2}), hidden_title=True
        ),
    )
