"""Styles and scripts: as built, compressed already, kept for ever, and nothing of anybody else's."""

import gzip
import json
import re
from hashlib import sha256
from pathlib import Path

import pytest

from callbacks import assets
from layouts import theme
from tests.web import get

ROOT = Path(__file__).parent.parent
VENDORED = [(ROOT / "assets/vendor", one) for one in json.loads((ROOT / "assets/vendor/manifest.json").read_text())]
FOR_TESTS = [
    (ROOT / "tests/browser/vendor", one)
    for one in json.loads((ROOT / "tests/browser/vendor/manifest.json").read_text())
]


@pytest.mark.parametrize(("folder", "told"), [*VENDORED, *FOR_TESTS])
def test_a_vendored_file_is_as_built_and_says_what_it_is_made_of(folder: Path, told: dict[str, object]) -> None:
    body = (folder / str(told["file"])).read_bytes()
    assert (len(body), sha256(body).hexdigest()) == (told["bytes"], told["sha256"])
    packages = told["packages"]
    assert isinstance(packages, list)
    pinned = json.loads((ROOT / "scripts/assets/package.json").read_text())["devDependencies"]
    for package in packages:
        assert package["version"] == pinned[package["name"]]
        assert package["name"] in (folder / "LICENCES.txt").read_text()


@pytest.mark.parametrize("name", [str(told["file"]) for _, told in VENDORED])
def test_a_compressed_file_holds_the_same(name: str) -> None:
    plain = assets.FOLDER / "vendor" / name
    assert gzip.decompress(plain.with_name(f"{name}.gz").read_bytes()) == plain.read_bytes()


@pytest.mark.parametrize("name", sorted(assets.all_of_them()))
def test_an_asset_is_served_compressed_and_for_ever_under_its_hash(name: str) -> None:
    vendored = name.startswith("vendor/")
    answer = get(assets.address(name), Accept_Encoding="gzip, br")
    assert answer.headers["Content-Encoding"] == ("br" if vendored else "gzip")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert get(f"/assets/{name}?v=old").headers["Cache-Control"] == "no-cache"
    assert get(f"/assets/{name}").data == (assets.FOLDER / name).read_bytes()


@pytest.mark.parametrize(
    "name", ["vendor/manifest.json", "vendor/LICENCES.txt", "../app.py", "vendor/plotly.js.br", "%2e%2e/app.py"]
)
def test_nothing_else_is_served_from_the_folder(name: str) -> None:
    assert get(f"/assets/{name}").status_code == 404


def test_no_style_or_script_asks_another_host_or_brings_what_is_gov_uks_own() -> None:
    for name in assets.all_of_them():
        text = (assets.FOLDER / name).read_text()
        if not name.startswith("vendor/"):
            assert not re.search(r"https?://(?!www\.w3\.org/)", text), name
        if name.endswith(".css"):
            assert not re.search(r"url\(|@import|GDS Transport|crown|crest", text), name


def test_style_sheet_and_charts_have_the_same_blue() -> None:
    assert f"--blue: {theme.FOCUS.lower()}" in (assets.FOLDER / "estate.css").read_text()


def test_the_lock_file_pins_packages_and_names_no_registry() -> None:
    lock = (ROOT / "scripts/assets/package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert lock.count('"integrity"') > 10


def test_a_page_of_figures_loads_what_its_two_components_need_of_dash_and_no_more() -> None:
    scripts = re.findall(r'<script [^>]*src="([^"?]+)', get("/departments").text)
    names = [re.sub(r"[@.].*", "", one.rpartition("/")[2]) for one in scripts]
    assert names == ["copy", "plotly", "react", "react-dom", "prop-types", "figures", "dash_renderer"]
