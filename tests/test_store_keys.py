"""The estate key: where it may come from, what is derived from it, and what can't be had without it."""

import base64
import os
from datetime import date
from pathlib import Path

import pytest

from data import errors
from data.settings import Settings
from data.store import Estate
from data.store.home import Home
from data.store.keys import estate_key
from data.store.pseudonyms import PseudonymKeys
from data.store.publish import import_extracts, importing
from tests.homes import extracts, settings_of

SECRET = bytes(range(32))
OCTOBER = "2019-10"


def settings_with(folder: Path, content: bytes) -> Settings:
    (folder / "key").write_bytes(content)
    return Settings(home=folder / "home", key_file=folder / "key")


@pytest.mark.parametrize(
    "written", [SECRET, SECRET.hex().encode() + b"\n", base64.b64encode(SECRET), SECRET.hex().upper().encode()]
)
def test_a_key_is_the_same_as_it_is_in_hexadecimal_and_in_base64(tmp_path: Path, written: bytes) -> None:
    given = estate_key(settings_with(tmp_path, written)).derived("anything")
    assert given == estate_key(settings_with(tmp_path, SECRET)).derived("anything")


@pytest.mark.parametrize(
    "written", [b"", b"short", SECRET[:31], SECRET[:16].hex().encode(), base64.b64encode(SECRET[:24])]
)
def test_a_short_key_is_refused(tmp_path: Path, written: bytes) -> None:
    with pytest.raises(errors.Untrusted, match="32 bytes"):
        estate_key(settings_with(tmp_path, written))


def test_a_key_inside_the_home_is_refused_by_any_way_there(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "key").write_bytes(SECRET)
    (tmp_path / "link").symlink_to(home / "key")
    for file in (home / "key", tmp_path / "link", home / ".." / "home" / "key"):
        with pytest.raises(errors.Untrusted, match="inside the home"):
            estate_key(Settings(home=home, key_file=file))


def test_a_command_may_print_the_key(tmp_path: Path) -> None:
    printed = estate_key(Settings(home=tmp_path / "home", key_command=f"echo {SECRET.hex()}"))
    assert printed.derived("anything") == estate_key(settings_with(tmp_path, SECRET)).derived("anything")


@pytest.mark.parametrize("command", ["false", "/nowhere/at/all", "echo short", 'echo "unclosed'])
def test_a_command_that_prints_no_key_is_refused(tmp_path: Path, command: str) -> None:
    with pytest.raises(errors.Untrusted):
        estate_key(Settings(home=tmp_path / "home", key_command=command))


def test_a_demonstration_makes_its_own_key_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(home=tmp_path / "home-demo")
    first = estate_key(settings).derived("anything")
    assert estate_key(settings).derived("anything") == first
    file = tmp_path / "home-demo.key"
    assert capsys.readouterr().err.count(str(file)) == 1
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(list(tmp_path.iterdir())) == 1


def test_real_use_goes_on_only_with_a_key_from_outside(tmp_path: Path) -> None:
    with pytest.raises(errors.Untrusted, match="ESTATE_KEY_FILE"):
        estate_key(Settings(home=tmp_path / "home", mode="real"))
    assert not list(tmp_path.iterdir())


def test_no_new_key_is_made_for_a_home_that_has_lost_its_own(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", clock=date(2019, 10, 20))
    import_extracts(extracts("HMRC s1: /apply"), settings)
    (tmp_path / "home.key").unlink()
    with pytest.raises(errors.Untrusted, match="can't be read"):
        Estate.open(settings)


def test_a_home_opens_with_its_own_key_alone(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    import_extracts(extracts("HMRC s1: /apply"), settings)
    settings.key_file.write_bytes(os.urandom(32))  # type: ignore[union-attr]  # settings_of names a file
    with pytest.raises(errors.Untrusted):
        Estate.open(settings)
    with pytest.raises(errors.Untrusted):
        import_extracts(extracts("HMRC s2: /apply"), settings)


def test_an_import_under_another_key_leaves_nothing_behind(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    import_extracts(extracts("HMRC s1: /apply"), settings)
    own = settings.key_file.read_bytes()  # type: ignore[union-attr]  # settings_of names a file
    settings.key_file.write_bytes(os.urandom(32))  # type: ignore[union-attr]
    with pytest.raises(errors.Untrusted), importing(settings) as home:
        PseudonymKeys(home).key("joined", "2019-10")
    settings.key_file.write_bytes(own)  # type: ignore[union-attr]
    assert import_extracts(extracts("HMRC s2: /apply"), settings).number == 2


def test_what_is_sealed_opens_only_with_its_key_purpose_and_place(tmp_path: Path) -> None:
    key = estate_key(settings_with(tmp_path, SECRET))
    secret = key.seal("one", b"plain", "here")
    assert key.unseal("one", secret, "here") == b"plain"
    changed = secret[:-1] + bytes([secret[-1] ^ 1])
    for purpose, content, bound in (
        ("two", secret, "here"),
        ("one", secret, "there"),
        ("one", changed, "here"),
        ("one", b"", "here"),
    ):
        with pytest.raises(errors.Untrusted):
            key.unseal(purpose, content, bound)


def test_a_month_has_one_pseudonym_key_for_each_account(tmp_path: Path) -> None:
    keys = PseudonymKeys.open(settings_of(tmp_path))
    given = {
        (account, month): keys.key(account, month) for account in ("gds", "joined") for month in (OCTOBER, "2019-11")
    }
    assert len(set(given.values())) == 4
    again = PseudonymKeys(Home.open(settings_of(tmp_path)))
    assert {named: again.key(*named) for named in given} == given
    assert not [file for file in (tmp_path / "home" / "keys").iterdir() if "2019" in file.name or "gds" in file.name]


def test_a_key_dies_when_its_month_closes_and_does_not_come_back(tmp_path: Path) -> None:
    keys = PseudonymKeys.open(settings_of(tmp_path))
    first = keys.key("joined", OCTOBER)
    import_extracts(extracts("HMRC s1: /apply"), settings_of(tmp_path))
    version = import_extracts([], settings_of(tmp_path, clock=date(2019, 12, 15)))
    assert version.manifest.closed == ()
    version = import_extracts([], settings_of(tmp_path, clock=date(2019, 12, 16)))
    assert version.manifest.closed == (("joined", OCTOBER),)
    assert not list((tmp_path / "home" / "keys").iterdir())
    assert keys.key("joined", OCTOBER) != first


def test_a_closed_month_is_restated_whole_or_not_at_all(tmp_path: Path) -> None:
    settings, later = settings_of(tmp_path), settings_of(tmp_path, clock=date(2019, 12, 16))
    PseudonymKeys.open(settings).key("joined", OCTOBER)
    first, second = extracts("HMRC s1: /apply"), extracts("GDS s2: /apply", day=date(2019, 10, 9))
    import_extracts([*first, *second], settings)
    assert import_extracts([], later).manifest.closed
    assert not import_extracts(first, later).is_new
    with pytest.raises(errors.Refused, match="all at once"):
        import_extracts(extracts("HMRC s3: /apply > /other"), later)
    version = import_extracts([*extracts("HMRC s3: /apply > /other"), *second], later)
    assert version.is_new
    assert not version.manifest.closed
    assert len(version.imported) == 2
