"""README's commands, run as they stand: only the folders, the port and the day are this test's own."""

import re
import subprocess
import urllib.request
from pathlib import Path

from tests.served import ROOT, environment, running

README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
VISITS = """session,time,page,device
s1,2026-10-01T09:00:00Z,www.tax.service.gov.uk/business-account,mobile
s1,2026-10-01T09:00:10Z,www.tax.service.gov.uk/business-account/payments,mobile
"""
RETURNS = "service,channel,count,dataType,period\nvat-return,digital,120,transactions,2026-10\n"
JOURNEYS = "PageSequence,Occurrences\n/vehicle-tax>>/done/vehicle-tax,12\n/vehicle-tax,30\n"


def commands(block: str, folder: Path) -> str:
    """A block's lines with this test's folders in place of a server's."""
    return block.replace("/srv/estate", f"{folder}/estate").replace("/etc/estate/key", f"{folder}/key")


def test_make_run_serves_the_demonstration_and_the_programs_lines_get_answers(demonstration: str) -> None:
    start, _, program = BLOCKS
    assert "make run" in start
    lines = program.replace("http://127.0.0.1:8050", demonstration)
    lines = lines.replace("curl ", "curl --fail --silent --show-error ")
    answers = subprocess.run(["bash", "-ec", lines], capture_output=True, text=True, check=True).stdout
    assert '"page_views"' in answers
    assert '"sessions"' in answers


def test_make_test_runs_this_suite() -> None:
    assert "make test" in BLOCKS[0]
    planned = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "test"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    together, alone = [line for line in planned.splitlines() if "-m pytest" in line]
    assert together.endswith('-m "not alone"')
    assert alone.endswith("-m alone")


def test_real_data_comes_in_as_readme_says(tmp_path: Path) -> None:
    (tmp_path / "visits-2026-10-01.csv").write_text(VISITS)
    (tmp_path / "journeys.csv").write_text(JOURNEYS)
    (tmp_path / "returns-2026-10.csv").write_text(RETURNS)
    *lines, serve = commands(BLOCKS[1], tmp_path).strip().splitlines()
    here = "\n".join(lines).replace("./estate", f"{ROOT}/estate")
    env = environment(tmp_path)
    done = subprocess.run(["bash", "-ec", here], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2" in done.stdout
    assert serve == "./estate serve"
    keys = {"ESTATE_MODE": "real", "ESTATE_HOME": f"{tmp_path}/estate", "ESTATE_KEY_FILE": f"{tmp_path}/key"}
    with running(serve, env | keys, tmp_path) as address:
        assert urllib.request.urlopen(f"{address}/api/v1/", timeout=5).status == 200


def test_every_file_that_readme_names_exists() -> None:
    for name in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / name).exists(), name
