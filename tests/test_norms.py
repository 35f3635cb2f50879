"""The norms of the house, over every file: sizes, parameters, docstrings, and words that must not appear."""

import ast
import re
import statistics
import subprocess
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parent.parent
LONGEST_FUNCTION, COMMON_FUNCTION, MEDIAN_FUNCTION = 60, 30, 10
LONGEST_FILE, LONGEST_QUERY, MOST_PARAMETERS = 300, 40, 4
Function = ast.FunctionDef | ast.AsyncFunctionDef


def tracked(*patterns: str) -> list[Path]:
    """Files that git knows or would add, under the root; vendored assets are other people's."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    return [ROOT / name for name in listed if name and "vendor/" not in name and (ROOT / name).is_file()]


PYTHON = tracked("*.py")
SQL = tracked("*.sql")
TEXT = tracked("*.py", "*.sql", "*.md", "*.toml", "*.js", "*.css", "*.txt", "*.sh", "Makefile", ".ci/*", "estate")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, Function):
            yield node


def length(function: Function) -> int:
    """Lines of the body, without the signature and the docstring."""
    body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


@pytest.mark.parametrize("path", PYTHON, ids=named)
def test_a_python_file_is_short_and_says_what_it_holds(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= LONGEST_FILE
    assert not text.strip() or ast.get_docstring(ast.parse(text)), "a module starts with a docstring"


@pytest.mark.parametrize("path", [p for p in SQL if p.name != "schema.sql"], ids=named)
def test_an_sql_file_is_short_and_says_what_it_answers(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= LONGEST_QUERY
    assert text.startswith("-- ")


@pytest.mark.parametrize("path", PYTHON, ids=named)
def test_functions_are_short_and_take_few_parameters(path: Path) -> None:
    for function in functions(path):
        where = f"{named(path)}:{function.lineno} {function.name}"
        assert length(function) <= LONGEST_FUNCTION, where
        positional = [a for a in [*function.args.posonlyargs, *function.args.args] if a.arg not in {"self", "cls"}]
        is_test = function.name.startswith("test_") or any("fixture" in ast.dump(d) for d in function.decorator_list)
        assert len(positional) <= MOST_PARAMETERS + (3 if is_test else 0), where


def test_most_functions_are_a_screen_long_and_half_are_ten_lines() -> None:
    lengths = [length(function) for path in PYTHON for function in functions(path)]
    assert statistics.median(lengths) <= MEDIAN_FUNCTION
    assert statistics.quantiles(lengths, n=10)[-1] <= COMMON_FUNCTION


@pytest.mark.parametrize("path", [p for p in PYTHON if "tests" not in p.parts], ids=named)
def test_public_functions_and_classes_say_what_they_give(path: Path) -> None:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{named(path)}:{node.lineno} {node.name}"


UNFINISHED = re.compile(
    r"\b(?:TO"
    r"DO|FIX"
    r"ME|XX"
    r"X|NotImpl"
    r"ementedError)\b|pytest\.(?:sk"
    r"ip|mark\.sk"
    r"ip|mark\.xf"
    r"ail)|assert Tr"
    r"ue\b"
)


@pytest.mark.parametrize("path", TEXT, ids=named)
def test_nothing_is_left_unfinished(path: Path) -> None:
    assert not UNFINISHED.search(path.read_text())


@pytest.mark.parametrize("path", PYTHON, ids=named)
def test_each_silenced_check_is_named(path: Path) -> None:
    assert not re.search(r"#\s*(?:type:\s*ignore|noqa)\s*$", path.read_text(), re.MULTILINE)


def test_no_two_modules_import_each_other() -> None:
    """Not by way of others either, nor where an import waits inside a function or is of types alone."""
    graph = grimp.build_graph("data", "queries", "layouts", "callbacks", cache_dir=None)
    imported = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        TopologicalSorter(imported).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


def test_the_words_of_the_project_are_used() -> None:
    """The words of GLOSSARY have synonyms that mean something else elsewhere; identifiers avoid them."""
    wrong = re.compile(r"\b(?:pview|pageview|pageviews|bounce_rate|churn|uniques|clickstream)\b")
    found = [named(path) for path in PYTHON for _ in wrong.findall(path.read_text()) if "formats" not in path.parts]
    assert not [name for name in found if not name.startswith("tests/test_norms")]


def test_per_cent_is_written_without_a_space() -> None:
    """As GOV.UK writes it, wherever people read it: `31%`."""
    apart = re.compile(r"[\d}] %(?![\dA-Za-z(])|\N{NO-BREAK SPACE}%|[\d}] % (?:interval|of|limits|to|zoom)\b")
    seen = [path for path in PYTHON if {"layouts", "callbacks", "queries"} & set(path.parts)]
    assert not [named(path) for path in seen if apart.search(path.read_text())]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_each_requirement_is_pinned_and_says_why(name: str) -> None:
    for line in (ROOT / name).read_text().splitlines():
        assert line.startswith(("#", "-r ")) or re.fullmatch(r"[\w.-]+==[\w.]+  # .+", line), line
