"""What people make is theirs, is told from what others change meanwhile, and can't be read without the estate key."""

import sqlite3
import threading
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pydantic import BaseModel, SecretStr

from data import audit, errors
from data.access import PEOPLE, Viewer
from data.settings import Settings
from data.state import Kind, Made, Shelf, State, Wish
from data.state.records import slug
from data.store import Estate
from data.store.home import Home
from tests.homes import settings_of

ANALYST, DFT, HMRC, LEADER = (
    PEOPLE[name] for name in ("estate-analyst", "analyst-dft", "service-owner-hmrc", "leadership")
)


class List(BaseModel):
    """A definition for these tests."""

    pages: tuple[str, ...] = ()


LISTS = Kind("list", List)


def shelf(state: State | None = None) -> Shelf[List]:
    return Shelf(state or State.in_memory(Settings(clock=date(2020, 11, 1))), LISTS, frozenset({"coronavirus"}))


def wish(name: str = "EU exit", *pages: str, seen_by: Any = "me") -> Wish[List]:
    return Wish(name, List(pages=pages), seen_by)


def test_what_is_made_is_found_by_its_address_as_it_was_made() -> None:
    made = shelf()
    kept = made.make(DFT, wish("EU  exit ", "/brexit", "/eu-exit/**"))
    assert made.find(DFT, "eu-exit") == kept
    assert (kept.name, kept.slug, kept.revision) == ("EU exit", "eu-exit", 1)
    assert kept.definition.pages == ("/brexit", "/eu-exit/**")
    assert kept.created.date() == date(2020, 11, 1)
    assert made.visible(DFT) == [kept]


@pytest.mark.parametrize(("seen_by", "who"), [("me", set()), ("department", {"other-dft"}), ("everyone", {"other-dft", "hmrc", "leadership"})])  # fmt: skip
def test_others_see_what_is_shared_with_them_and_nothing_else(seen_by: str, who: set[str]) -> None:
    made = shelf()
    kept = made.make(DFT, wish(seen_by=seen_by))
    others = {"other-dft": Viewer("b", "service owner", frozenset({"DfT"})), "hmrc": HMRC, "leadership": LEADER}
    for name, viewer in others.items():
        assert bool(made.visible(viewer)) == (name in who)
        if name not in who:
            with pytest.raises(errors.NotFound):
                made.find(viewer, kept.slug)
    assert made.visible(ANALYST) == [kept]


@pytest.mark.parametrize("person", ["operator", "data-protection-hmrc"])
def test_who_sees_no_figures_makes_nothing_and_sees_nothing(person: str) -> None:
    made = shelf()
    made.make(HMRC, wish(seen_by="everyone"))
    with pytest.raises(errors.Forbidden, match="ask an estate analyst"):
        made.make(PEOPLE[person], wish("Mine"))
    assert made.visible(PEOPLE[person]) == []


def test_only_who_made_it_and_estate_analysts_change_it() -> None:
    made = shelf()
    kept = made.make(DFT, wish(seen_by="everyone"))
    with pytest.raises(errors.Forbidden, match="make a copy"):
        made.change(HMRC, kept, wish("Mine now"))
    with pytest.raises(errors.Forbidden, match="make a copy"):
        made.delete(HMRC, kept)
    changed = made.change(ANALYST, kept, wish("Leaving the EU", "/transition", seen_by="everyone"))
    assert (changed.slug, changed.name, changed.revision, changed.audience.person) == ("eu-exit", "Leaving the EU", 2, DFT.person)  # fmt: skip
    assert made.find(HMRC, "eu-exit") == changed


def test_a_stale_change_is_told_and_overwrites_nothing() -> None:
    made = shelf()
    kept = made.make(DFT, wish())
    newer = made.change(ANALYST, kept, wish("EU exit", "/new"))
    with pytest.raises(errors.Conflict, match="Open it again"):
        made.change(DFT, kept, wish("EU exit", "/old"))
    with pytest.raises(errors.Conflict, match="Open it again"):
        made.delete(DFT, kept)
    assert made.find(DFT, "eu-exit") == newer


def test_of_many_changes_at_once_one_is_kept_and_the_others_are_told(tmp_path: Path) -> None:
    home = Home.open(settings_of(tmp_path))
    state = State.open(home)
    kept = shelf(state).make(DFT, wish())
    done: list[str] = []

    def change(number: int) -> None:
        with closing(State.open(home)) as another:  # as another process would
            try:
                shelf(another).change(DFT, kept, wish("EU exit", f"/{number}"))
                done.append("kept")
            except errors.Conflict:
                done.append("told")

    threads = [threading.Thread(target=change, args=(number,)) for number in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(done) == ["kept", *["told"] * 5]
    assert shelf(state).find(DFT, "eu-exit").revision == 2
    state.close()


def test_what_was_deleted_comes_back_as_it_was() -> None:
    made = shelf()
    kept = made.make(DFT, wish("EU exit", "/brexit"))
    made.delete(DFT, kept)
    assert made.visible(DFT) == []
    with pytest.raises(errors.NotFound):
        made.find(DFT, "eu-exit")
    assert made.make(DFT, wish()).slug == "eu-exit-2", "its address is kept for it"
    back = made.restore(DFT, "eu-exit")
    assert back.definition == kept.definition
    assert [one.slug for one in made.visible(DFT)] == ["eu-exit", "eu-exit-2"]
    with pytest.raises(errors.NotFound):
        made.restore(DFT, "eu-exit")


def test_what_was_deleted_thirty_days_ago_is_gone(tmp_path: Path) -> None:
    for day, there in ((20, True), (30, False)):
        home = Home.open(settings_of(tmp_path, clock=date(2019, 10, 1)))
        with closing(State.open(home)) as state:
            made = shelf(state).make(DFT, wish(f"Day {day}"))
            shelf(state).delete(DFT, made)
        late = Home.open(settings_of(tmp_path, clock=date(2019, 10, 1 + day) if there else date(2019, 11, 2)))
        with closing(State.open(late)) as state, state.engine.connect() as connection:
            rows = connection.exec_driver_sql("select count(*) from made").scalar()
        assert bool(rows) == there


@pytest.mark.parametrize(("name", "address"), [
    ("EU exit", "eu-exit"), ("  Éire & Co. ", "eire-co"), ("日本", "unnamed"), ("x" * 80, "x" * 60), ("Coronavirus", "coronavirus"),
])  # fmt: skip
def test_an_address_is_made_of_the_name(name: str, address: str) -> None:
    assert slug(name) == address


def test_an_address_of_its_own_is_found_for_every_name() -> None:
    made = shelf()
    assert [made.make(DFT, wish("A b")).slug for _ in range(3)] == ["a-b", "a-b-2", "a-b-3"]
    assert made.make(DFT, wish("Coronavirus")).slug == "coronavirus-2"


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\x00b"])
def test_a_name_that_cannot_be_used_is_refused(name: str) -> None:
    with pytest.raises(errors.BadRequest, match="at most 80") as refused:
        shelf().make(DFT, wish(name))
    assert refused.value.field == "name"


SECRETS = ("Zebra", "zebra", "analyst-dft", "DfT", "okapi", "department")


def test_no_file_of_the_home_holds_what_was_typed(tmp_path: Path) -> None:
    home = Home.open(settings_of(tmp_path))
    with closing(State.open(home)) as state:
        made = shelf(state)
        kept = made.make(DFT, wish("Zebra crossing", "/okapi/**", seen_by="department"))
        made.delete(DFT, made.change(DFT, kept, wish("Zebra crossings", "/okapi")))
        files = [file for file in home.folder.rglob("*") if file.is_file()]
        assert "made.db-wal" in {file.name for file in files}
        for file in files:
            content = file.read_bytes()
            assert not [secret for secret in SECRETS if secret.encode() in content], file.name
            assert file.stat().st_mode & 0o077 == 0, file.name


def test_every_change_is_in_the_audit_log(tmp_path: Path) -> None:
    home = Home.open(settings_of(tmp_path))
    with closing(State.open(home)) as state:
        made = shelf(state)
        made.delete(ANALYST, made.change(DFT, made.make(DFT, wish()), wish("Other")))
        made.restore(DFT, "eu-exit")
    told = [(one.kind, one.facts["person"], one.facts["revision"]) for one in audit.Log(home).entries()]
    assert told == [("made", DFT.person, 1), ("changed", DFT.person, 2), ("deleted", ANALYST.person, 3), ("restored", DFT.person, 4)]  # fmt: skip


def test_nothing_is_kept_that_the_audit_log_does_not_know(tmp_path: Path) -> None:
    home = Home.open(settings_of(tmp_path))
    with closing(State.open(home)) as state:
        kept = shelf(state).make(DFT, wish())
        (home.folder / "audit" / "head").write_bytes(b"tampered with")
        with pytest.raises(errors.Untrusted):
            shelf(state).make(DFT, wish("Another"))
        with pytest.raises(errors.Untrusted):
            shelf(state).change(DFT, kept, wish("Another"))
        assert shelf(state).visible(DFT) == [kept]


@pytest.mark.parametrize("swap", ["content", "revision", "place", "byte"])
def test_a_row_that_was_tampered_with_is_not_trusted(tmp_path: Path, swap: str) -> None:
    home = Home.open(settings_of(tmp_path))
    with closing(State.open(home)) as state:
        one, other = shelf(state).make(DFT, wish("One")), shelf(state).make(DFT, wish("Other"))
        statement = {
            "content": f"update made set content = (select content from made where id = '{one.id}') where id = '{other.id}'",
            "revision": f"update made set revision = 7 where id = '{other.id}'",
            "place": f"update made set place = 'x' where id = '{other.id}'",
            "byte": f"update made set content = cast(x'00' || substr(content, 2) as blob) where id = '{other.id}'",
        }[swap]
        with closing(sqlite3.connect(home.folder / "state" / "made.db")) as plain, plain:
            plain.execute(statement)
        with pytest.raises(errors.Untrusted):
            shelf(state).visible(DFT)


def test_the_migrations_make_the_tables_that_are_asked() -> None:
    state = State.in_memory(Settings())
    with state.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, state.table.metadata) == []


def test_processes_that_start_together_find_one_database(tmp_path: Path) -> None:
    home, found = Home.open(settings_of(tmp_path)), list[Made[List]]()

    def start(number: int) -> None:
        with closing(State.open(home)) as state:
            found.append(shelf(state).make(DFT, wish(f"Number {number}")))

    threads = [threading.Thread(target=start, args=(number,)) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 4


def test_another_database_is_named_by_a_setting_and_a_missing_driver_is_said(tmp_path: Path) -> None:
    elsewhere = SecretStr(f"sqlite:///{tmp_path / 'elsewhere.db'}")
    with closing(State.open(Home.open(settings_of(tmp_path, state_url=elsewhere)))) as state:
        shelf(state).make(DFT, wish())
    assert (tmp_path / "elsewhere.db").exists()
    assert not (tmp_path / "home" / "state" / "made.db").exists()
    for url in ("nothing://x", "no url", "postgresql+nobody://x"):
        with pytest.raises(errors.EstateError, match="ESTATE_STATE_URL"):
            State.open(Home.open(settings_of(tmp_path, state_url=SecretStr(url))))


def test_an_estate_keeps_what_people_make_beside_what_is_published(tmp_path: Path) -> None:
    with closing(Estate.open(settings_of(tmp_path))) as estate:
        shelf(estate.made).make(DFT, wish())
    with closing(Estate.open(settings_of(tmp_path))) as estate:
        assert [one.name for one in shelf(estate.made).visible(DFT)] == ["EU exit"]
    assert Shelf(Estate.in_memory([]).made, LISTS).visible(DFT) == []
