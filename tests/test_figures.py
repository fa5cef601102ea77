"""README and docs quote the stores that the shipped scenarios give, and quote them alike."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from forecast import load_scenario
from forecast.execution.prepare import attributes_of
from forecast.world.origin import build_world
from tests.figures import REPOSITORY, STORES, config_of, make_stores, marks, write

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
PAGES = {name: REPOSITORY / f"docs/{name}.md" for name in STORES[1:]}


def table_of(name: str) -> str:
    begin, end = marks(name)
    return README.partition(begin)[2].partition(end)[0]


@pytest.mark.parametrize("name", STORES)
def test_figures__are_of_the_run_that_the_shipped_scenario_gives(name: str) -> None:
    scenario = load_scenario(config_of(name))
    own = attributes_of(scenario, build_world(scenario))["run"][:16]
    texts = [table_of(name)] if name == "three_futures" else [PAGES[name].read_text()]
    texts += [table_of(name)] if name == "robustness" else []
    for text in texts:
        assert f"un `{own}`" in text, f"{name}: other scenario, world or numbers: make figures"
        assert f"{scenario.run.trajectories:,} histories per architecture" in text


def test_figures__of_the_readme_are_those_of_the_page() -> None:
    page, table = PAGES["robustness"].read_text(), table_of("robustness")
    [known] = re.findall(r"fingerprint\n`(\w{64})`", table)
    assert known in page
    rows = re.findall(r"^\| `(\w+)` +\| (\w+) +\| (\d+ % ± \d+) ", table, re.MULTILINE)
    assert len(rows) == 6
    for _, leader, share in rows:
        assert f"{leader} is lowest in {share} of the draws" in page


@pytest.mark.verify
def test_figures__come_out_again(tmp_path: Path) -> None:
    for path in ("README.md", "docs"):
        source = REPOSITORY / path
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / path)

    write(make_stores(tmp_path), tmp_path)

    for path in ("README.md", *(f"docs/{name}.md" for name in PAGES)):
        old, new = ((root / path).read_text() for root in (REPOSITORY, tmp_path))
        assert undated(new) == undated(old), path


def undated(text: str) -> str:
    return re.sub(r"simulated on [\d-]+", "", text)
