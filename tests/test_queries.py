"""Every query file keeps to the house style and the portable subset, and every question keeps rights for everybody."""

import ast
import itertools
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import errors
from data.access import PEOPLE, Viewer
from data.periods import Period
from data.store import Estate
from queries import ask as asking
from queries.answers import Answer
from queries.ask import ask, questions
from queries.asking import WHOLE_ESTATE
from queries.columns import shown, there
from queries.disclosure import SUPPRESSED
from tests.counts import rounds
from tests.examples import LEAST
from tests.plain import visits
from tests.plain.visits import Told
from tests.plain.worlds import OWNERS
from tests.stories import estate

JSON = dict[str, Any]
ROOT: Final = Path(asking.__file__).parent
QUERIES: Final = sorted(ROOT.rglob("*.sql"))
MODULES: Final = sorted(ROOT.rglob("*.py"))
EMPTY: Final = estate("2019-10-08 HMRC s1: /a")
ORDERLESS: Final = r"in any order|as they are stored|in which they are stored"  # what the first line says instead
UNPORTABLE: Final = {
    r"\bdate_?diff\b": "days between dates are subtracted",
    r"\blist\s*\([^)]*\border by\b": "an ordered list isn't known elsewhere",
    r"\bgroup by all\b|\border by all\b|\bgroup by \d": "columns are written out",
    r"\bqualify\b(?![^()]*\))": "qualify stands inside a CTE",
    r"/[^,\n]*\)::u?(?:integer|int|bigint)\b": "a fraction is rounded here and cut elsewhere",
    r"\btimestamptz\b|\bat time zone\b": "times have no zone",
    r"\bselect distinct on\b|\bpositional join\b|\basof join\b|\bpivot\b": "this isn't known elsewhere",
}
EXAMPLES: Final[dict[str, object]] = {"date": date(2019, 10, 8), "varchar": "", "boolean": False}


def text(path: Path) -> str:
    return path.read_text()


def code(path: Path) -> str:
    """A query without comments and literals."""
    return re.sub(r"--[^\n]*|'[^']*'", "", text(path))


def everywhere(node: object) -> Iterator[JSON]:
    """Every object of a tree."""
    if isinstance(node, dict):
        yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from everywhere(inner)


def parsed(path: Path) -> JSON:
    found = duckdb.connect().execute("select json_serialize_sql(?)", [text(path)]).fetchone()
    assert found
    tree: JSON = json.loads(found[0])
    assert not tree["error"], tree
    return tree


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_query_says_what_it_gives_in_lower_case_in_at_most_forty_lines(path: Path) -> None:
    first, *rest = text(path).splitlines()
    assert re.fullmatch(r"-- \S.{20,}[.:]?", first)
    assert len(rest) < 40
    assert code(path) == code(path).lower()


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_query_is_one_select_whose_parameters_have_names_and_types(path: Path) -> None:
    (statement,) = duckdb.connect().extract_statements(text(path))
    assert statement.type == duckdb.StatementType.SELECT
    assert set(re.findall(r"\$(\w+)::\w+", code(path))) == statement.named_parameters
    assert not re.search(r"\$(?!\w+::)|\?", code(path)), "every use of a parameter is cast to its column's type"


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_query_reads_only_tables_of_a_segment(path: Path) -> None:
    tree = parsed(path)
    schema = set(re.findall(r"create table (\w+)", text(ROOT.parent / "data/models/schema.sql")))
    named = {str(entry["key"]) for node in everywhere(tree) for entry in (node.get("cte_map") or {}).get("map", ())}
    read = {str(node["table_name"]) for node in everywhere(tree) if node.get("type") == "BASE_TABLE"}
    assert read <= schema | named
    functions = {node["function"]["function_name"] for node in everywhere(tree) if node.get("type") == "TABLE_FUNCTION"}
    assert functions <= {"unnest", "range"}


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_query_has_an_order_or_says_that_it_has_none(path: Path) -> None:
    last = code(path).rpartition("\nselect")[2]
    one_row = re.match(r"\s+(?:count|sum|max)\(", last) and "group by" not in last
    assert one_row or ("\norder by " in last) != bool(re.search(ORDERLESS, text(path).splitlines()[0].lower()))


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_query_keeps_to_what_other_engines_know(path: Path) -> None:
    for pattern, reason in UNPORTABLE.items():
        assert not re.search(pattern, code(path)), reason


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_query_runs_on_a_segment_and_names_every_column_once(path: Path) -> None:
    types = dict(re.findall(r"\$(\w+)::(\w+(?:\[\])?)", code(path)))
    bound = {name: [] if kind.endswith("[]") else EXAMPLES.get(kind, 0) for name, kind in types.items()}
    with EMPTY.pinned() as reading:
        segment, *_ = reading.segments("joined", Period(date(2019, 10, 8), date(2019, 10, 8)))
        found = reading.run(segment, text(path), bound)
    assert found.columns
    assert all(re.fullmatch(r"[a-z][a-z_0-9]*", name) for name in found.columns)


def test_every_query_is_asked_and_no_sql_is_written_elsewhere() -> None:
    sources = {path: text(path) for path in MODULES}
    for path in QUERIES:
        some = f'f"{path.stem.rpartition("_")[0]}_{{'  # one of several, chosen by a checked parameter
        assert any(f'"{path.stem}"' in source or some in source for source in sources.values()), path.stem
    for path, source in sources.items():
        literals = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
        for literal in literals:
            assert not re.match(r"\s*(?:select|with|insert|update|delete)\s.*\sfrom\s", str(literal), re.DOTALL), path


@pytest.mark.parametrize("name", questions())
def test_a_question_has_all_that_every_face_of_it_needs(name: str) -> None:
    question = questions()[name]
    assert question.DEFINITION.endswith(".")
    assert question.PARAMETERS.model_config.get("extra") == "forbid"
    for columns in (question.COLUMNS, *question.MORE_COLUMNS.values()):
        names = [column.name for column in columns]
        assert len(set(names)) == len(names)
        for column in columns:
            assert set(column.parts) | set(column.denominators) <= set(names), column.name
            assert (column.kind == "derived") == bool(column.parts), column.name
            assert column.unit


@pytest.mark.parametrize("name", questions())
def test_an_estate_without_anything_gives_a_table_of_the_columns_promised(name: str) -> None:
    for held in (Estate.in_memory([]), EMPTY):
        question, answer = questions()[name], asked(name, held)
        types = {column.name: column.type for column in question.COLUMNS}
        promised = shown(there(question.COLUMNS, answer.table))
        assert answer.table.columns == [*promised, SUPPRESSED]
        assert {key: kind for key, kind in answer.table.schema.items() if key != SUPPRESSED} == {
            key: types[key] for key in promised
        }


def asked(name: str, held: Estate, viewer: Viewer = PEOPLE["estate-analyst"], **more: Any) -> Answer:
    days = {"from": "2019-09-30", "to": "2019-10-09", "compare": "none"}
    return ask(held, viewer, name, LEAST.get(name, {}) | days | more)


def written(answer: Answer) -> str:
    """Everything that an answer says, on one line."""
    table = answer.table.drop(SUPPRESSED).to_dicts()
    return json.dumps([answer.value, table, answer.about.notes], allow_nan=False, default=str, ensure_ascii=False)


def tells(answer: Answer, words: str) -> bool:
    """Whether an answer has these words, and not only the start of longer ones."""
    return re.search(rf"{re.escape(words)}(?![\w/])", written(answer)) is not None


def foreign(viewer: Viewer) -> set[str]:
    """Pages of service hosts that the viewer may not see, and their titles."""
    pages = {page for page, owner in OWNERS.items() if not page.startswith("/") and not viewer.owns(owner)}
    return pages | {"Title of /" + page.split("/", 1)[1] for page in pages} - {f"Title of {page}" for page in OWNERS}


def at(value: Any, path: str) -> Any:
    """What stands at a JSON path such as `$.pages[0].exits`."""
    for name, place in re.findall(r"\.(\w+)|\[(\d+)\]", path):
        value = value[name] if name else value[int(place)]
    return value


MORE: Final = st.sampled_from(
    [
        {},
        {"device": "mobile"},
        {"page": "**"},
        {"structure": "now"},
        {"attribution": "tagged"},
        {"department": "HMRC,DfT"},
    ]
)


@settings(max_examples=rounds(6, 60), deadline=None)
@given(visits.told(), visits.CUTS, MORE)
def test_nobody_is_told_a_foreign_page_or_a_small_foreign_cell(told: list[Told], by: str, more: JSON) -> None:
    held = visits.built(told, by)
    for name, viewer in itertools.product(questions(), PEOPLE.values()):
        answer = None
        with suppress(errors.Forbidden, errors.BadRequest):  # filters that a question doesn't know
            answer = asked(name, held, viewer, **more)
        if answer is not None:
            assert not [page for page in foreign(viewer) if tells(answer, page)], (name, viewer.person)
            assert all(at(answer.value, path) is None for path in answer.about.suppression)
            assert not small_foreign_cells(name, answer.table, viewer), (name, viewer.person)


def small_foreign_cells(name: str, table: pl.DataFrame, viewer: Viewer) -> list[JSON]:
    columns = there(questions()[name].COLUMNS, table)
    counts = [column.name for column in columns if column.kind == "count" and column.shown]
    if "department" not in table.columns or viewer.sees_everything:
        return []
    own = pl.col("department").is_in([*viewer.own, WHOLE_ESTATE]).fill_null(value=False)
    small = pl.any_horizontal(pl.lit(value=False), *((pl.col(one) < 10).fill_null(value=False) for one in counts))
    return table.filter(~own & small).to_dicts()


@settings(max_examples=rounds(6, 60), deadline=None)
@given(visits.told(), st.sampled_from(["service-owner-hmrc", "analyst-dft", "service-owner-home-office"]))
def test_a_page_that_may_not_be_seen_is_like_one_that_is_not_there(told: list[Told], person: str) -> None:
    """Naming it, as a page or by a pattern, tells nothing: not even whether it exists."""
    held, viewer = visits.built(told, "month"), PEOPLE[person]
    for page in foreign(viewer):
        host = page.split("/", 1)[0]
        for probe, nowhere in ((page, f"{host}/no/such"), (f"{host}/**", "no.such.host/**")):
            for name in (name for name in questions() if "page" in getattr(questions()[name], "FILTERS", {"page"})):
                one, two = (asked(name, held, viewer, page=value) for value in (probe, nowhere))
                assert written(one).replace(probe, nowhere) == written(two)
