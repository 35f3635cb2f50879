"""The command line as an operator uses it: exit codes, one line on standard error, the same answers as everywhere."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
VISITS = """session,time,page,device,event,value
s1,2020-10-01T09:00:00Z,/vehicle-tax,mobile,,
s1,2020-10-01T09:00:10Z,/vehicle-tax/renew,mobile,,
s2,2020-10-01T10:00:00Z,/vehicle-tax,desktop,,
s2,2020-10-01T10:01:00Z,/vehicle-tax,desktop,outbound,www.vehicletax.service.gov.uk
"""
DAY = "from=2020-10-01", "to=2020-10-01"


class Home:
    """A home of its own and the command line on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = {
            "ESTATE_HOME": str(folder / "home"),
            "ESTATE_CLOCK": "2020-11-01",
            "PYTHONPATH": str(ROOT),
            "PATH": "",
        }

    def file(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text)
        return str(self.folder / name)

    def run(self, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "callbacks.commands", *words]
        return subprocess.run(command, env=self.env | settings, capture_output=True, text=True, check=False)

    def ask(self, question: str, *words: str, day: tuple[str, str] = DAY) -> object:
        asked = self.run("ask", question, *(word for one in day for word in ("--param", one)), *words)
        assert asked.returncode == 0, asked.stderr
        return json.loads(asked.stdout)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("filled"))
    done = home.run("import", home.file("visits.csv", VISITS), "--department", "GDS", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["version"], told["extracts"][0]["read"]) == (1, 4)
    return home


def test_an_import_is_published_and_the_same_file_again_changes_nothing(filled: Home) -> None:
    before = json.loads(filled.run("status", "--json").stdout)
    again = filled.run("import", filled.file("visits.csv", VISITS), "--department", "GDS", "--json")
    assert again.returncode == 0
    assert json.loads(again.stdout)["duplicates"] == ["GDS 2020-10-01"]
    assert json.loads(filled.run("status", "--json").stdout) == before
    assert (before["sessions"], before["page_views"]) == (2, 3)


def test_verify_finds_everything_right(filled: Home) -> None:
    done = filled.run("verify", "--json")
    assert done.returncode == 0
    assert all(check["right"] for check in json.loads(done.stdout)["checks"])


def test_an_answer_is_what_the_question_gives(filled: Home) -> None:
    answer = filled.ask(
        "explore", "--definition", filled.file("one.json", '{"anchor": {"match": "exact", "value": "/vehicle-tax"}}')
    )
    assert isinstance(answer, dict)
    assert answer["sessions"] == 2
    assert answer["steps"][1]["ended_how"] == {"clicked out to www.vehicletax.service.gov.uk": 1}


def test_definitions_answer_line_by_line_in_order(filled: Home) -> None:
    lines = [
        json.dumps({"anchor": {"match": "exact", "value": page}}, ensure_ascii=False)
        for page in ("/vehicle-tax/renew", ["/vehicle-tax", "/of two\u2028lines\x85"], "/none")
    ]
    asked = filled.run(
        "ask",
        "explore",
        *("--param=" + one for one in DAY),
        "--definitions",
        filled.file("many.jsonl", "\n".join(lines)),
    )
    assert [json.loads(line)["sessions"] for line in asked.stdout.splitlines()] == [1, 2, 0]


def test_a_table_has_the_rows_of_the_answer(filled: Home) -> None:
    asked = filled.run("ask", "pages", *("--param=" + one for one in DAY), "--format", "csv")
    header, *rows = asked.stdout.lstrip("\ufeff").splitlines()
    assert header.startswith("page,")
    assert [row.split(",")[0] for row in rows] == ["/vehicle-tax", "/vehicle-tax/renew"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("ask", "explore", "--param", "steps"), 2),
        (("ask", "explore", "--param", "steps=99"), 2),
        (("ask", "nothing"), 2),
        (("ask", "pages", "--as", "somebody"), 2),
        (("ask", "pages", "--as", "operator"), 1),
        (("ask", "pages", "--param", "page=/a", "--param", "page=/b"), 2),
        (("ask", "explore", "--definition", "/dev/zero"), 2),
        (("import", "no-such-file.csv"), 2),
        (("import", __file__, "--department", "Ministry of Nothing"), 2),
        (("no-such-command",), 2),
        (("ask", "pages", "--no-such-option"), 2),
    ],
)
def test_a_wrong_call_says_so_in_one_line(filled: Home, words: tuple[str, ...], code: int) -> None:
    done = filled.run(*words)
    assert done.returncode == code
    assert done.stdout == ""
    assert done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [("CLOCK", "yesterday", 2), ("PORT", "99999", 2), ("MEMORY_LIMIT", "lots", 2), ("HOME", "/proc/none", 1)],
)
def test_a_setting_that_cannot_be_used_is_said_in_one_line(home: Home, name: str, value: str, code: int) -> None:
    done = home.run("status", **{f"ESTATE_{name}": value})
    assert (done.returncode, done.stderr.count("\n")) == (code, 1)
    assert f"ESTATE_{name}" in done.stderr or value in done.stderr


def test_a_file_may_have_any_name(home: Home) -> None:
    """Names that are no text, or that would command a terminal, are told without it."""
    bad = home.file(os.fsdecode(b"\xff\x1b[31m\xe2\x80\xae.csv"), "x")
    done = home.run("import", bad, "--department", "GDS")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "file \ufffd\ufffd[31m\ufffd.csv, reason schema" in done.stdout


def test_a_sender_that_nobody_named_is_a_wrong_call(home: Home) -> None:
    done = home.run("import", home.file("visits.csv", VISITS))
    assert done.returncode == 2
    assert "--department" in done.stderr


def test_a_refused_file_fails_and_changes_nothing(home: Home) -> None:
    done = home.run("import", home.file("bad.csv", "email,page\na@b.example,/x\n"), "--department", "GDS", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["refused"][0]["reason"] == "identity_column"
    assert json.loads(home.run("status", "--json").stdout)["version"] == 0


def test_good_files_come_in_beside_a_refused_one(home: Home) -> None:
    bad = home.file("bad.csv", "session,page\n1,/x\n")
    done = home.run("import", bad, home.file("visits.csv", VISITS), "--department", "GDS", "--json")
    assert done.returncode == 3
    assert json.loads(done.stdout)["version"] == 1


def test_a_dry_run_counts_and_publishes_nothing(home: Home) -> None:
    done = home.run("import", home.file("visits.csv", VISITS), "--department", "GDS", "--dry-run", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["extracts"][0]["kept"] == 4
    assert json.loads(home.run("status", "--json").stdout)["version"] == 0


def test_the_inbox_says_who_sends_and_is_emptied_once_published(home: Home) -> None:
    inbox = home.folder / "home" / "inbox" / "HMRC" / "joined"
    inbox.mkdir(parents=True)
    (inbox / "visits.csv").write_text(VISITS.replace("/vehicle-tax", "www.tax.service.gov.uk/account"))
    done = home.run("import", str(home.folder / "home" / "inbox"), "--json")
    assert done.returncode == 0, done.stderr + done.stdout
    assert json.loads(done.stdout)["extracts"][0]["sender"] == "HMRC"
    assert not list(inbox.iterdir())


def test_a_file_of_nobody_in_the_inbox_is_turned_away_and_the_others_come_in(home: Home) -> None:
    inbox = home.folder / "home" / "inbox"
    for place in ("GDS/gds", "Ministry of Nothing/joined", "GDS/nowhere", "GDS"):
        (inbox / place).mkdir(parents=True, exist_ok=True)
        (inbox / place / "visits.csv").write_text(VISITS)
    done = home.run("import", str(inbox), "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["version"], len(told["extracts"])) == (3, 1, 1)
    assert [one["reason"] for one in told["refused"]] == ["unknown_sender"] * 3
    assert "inbox/<department>/<account>/" in told["refused"][0]["why"]
    assert not [path for path in inbox.rglob("*") if path.is_file()]
