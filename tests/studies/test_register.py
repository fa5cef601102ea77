"""The parameter register: one file says it all, and page, checks and kernel agree with it."""

from __future__ import annotations

import tomllib
from pathlib import Path

from forecast.kernel import parameters as kernel
from forecast.scenario.documents import shipped_configs
from forecast.scenario.faults import model_at
from forecast.scenario.parameters import Parameters
from forecast.studies.register import register_page, write_register

FILE = shipped_configs() / "parameters/default.toml"
PAGE = Path(__file__).parents[2] / "docs/parameters.md"

Names = dict[str, list[str]]


def of_the_file() -> Names:
    stated = tomllib.loads(FILE.read_text())
    return {group: list(entries) for group, entries in stated.items() if isinstance(entries, dict)}


def of_the_kernel() -> Names:
    groups = kernel.Parameters.__annotations__
    return {name: list(groups[name]._fields) for name in kernel.Parameters._fields}


def of_the_checks() -> Names:
    found = {}
    for name in Parameters.model_fields:
        model = model_at(Parameters, (name,))
        assert model is not None
        found[name] = list(model.model_fields)
    return found


def sets(names: Names) -> dict[str, set[str]]:
    return {group: set(entries) for group, entries in names.items()}


def test_parameters__of_the_kernel_are_those_of_the_file() -> None:
    assert sets(of_the_kernel()) == sets(of_the_file())


def test_parameters__of_the_checks_are_those_of_the_file() -> None:
    assert sets(of_the_checks()) == sets(of_the_file())


def test_register__is_the_committed_page() -> None:
    committed = PAGE.read_text("utf-8")
    assert committed == register_page(FILE.read_text("utf-8")), "write docs/parameters.md anew"


def test_register__states_every_value_with_its_error_or_range(tmp_path: Path) -> None:
    count = write_register(tmp_path / "page.md")

    text = (tmp_path / "page.md").read_text("utf-8")
    assert count == sum(len(entries) for entries in of_the_file().values())
    assert "| `onset.land` | 2.01 ± 0.22 | log rate per year | estimated |" in text
    assert "| `onset.recurrence_share` | 0.5 [0, 1] | 1 | assumption |" in text


def test_register__states_readings_and_priors() -> None:
    page = PAGE.read_text("utf-8")
    assert "| 0.3 | 0.1 | -0.35 |" in page
    assert "| *veto_restraint* | `institution.veto_restraint` | un; where not as in the ref" in page
    assert page.count("| *") == len(tomllib.loads(FILE.read_text())["prior"])


def test_register__takes_the_comment_above_a_group_only() -> None:
    entry = 'a = { value = 1, unit = "1", source = "s", tag = "assumption" }\n'
    page = register_page(f"# File.\n\n# About\n# it.\n[one]\n{entry}# inside\n\n[two]\n{entry}")
    assert "## one\n\nAbout it.\n" in page
    assert "File." not in page
    assert "inside" not in page
