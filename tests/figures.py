"""The figures of README and docs, from the stores they name: ``make figures``.

Runs the shipped scenarios into a folder, writes the pages on them, and the tables of the README
between their marks.
"""

from __future__ import annotations

import json
from pathlib import Path

import xarray as xr

from forecast import compare, load_scenario, run
from forecast.analysis.table import shown
from forecast.outcomes.fingerprint import fingerprint
from forecast.outcomes.store import open_outcomes
from forecast.studies.robustness.page import write_page
from forecast.studies.robustness.study import ByDraws, robustness
from forecast.studies.robustness.words import percent, share
from forecast.studies.tables import aligned

REPOSITORY = Path(__file__).parents[1]
STORES = ("three_futures", "robustness", "comparability")

ROWS = {
    "dispute_count": "disputes per year",
    "expected_war_count": "wars per year (expected)",
    "great_power_war": "great-power war by 2050",
    "battle_deaths_median": "median battle deaths",
    "aggression_success_count": "successful aggressions per year",
}
"""Outcomes of the README's first table, and what it calls them."""


def config_of(name: str) -> Path:
    return REPOSITORY / f"configs/{name}.toml"


def make_stores(folder: Path) -> dict[str, Path]:
    """Run every scenario that README or docs quote; what is there already is carried on."""
    stores = {name: folder / f"{name}.zarr" for name in STORES}
    for name, store in stores.items():
        run(load_scenario(config_of(name)), output=store)
    return stores


def write(stores: dict[str, Path], root: Path) -> None:
    """Write pages and tables below a copy of the repository, or the repository itself."""
    trees = {name: open_outcomes(store) for name, store in stores.items()}
    hashes = {name: fingerprint(store) for name, store in stores.items()}
    judged = {name: robustness(trees[name]) for name in STORES[1:]}
    for name, study in judged.items():
        write_page(study, trees[name], hashes[name], root / f"docs/{name}.md")
    drawn = judged["robustness"].draws
    assert drawn is not None
    page = root / "README.md"
    text = page.read_text(encoding="utf-8")
    tables = {"three_futures": demo(trees["three_futures"]), "robustness": answers(drawn)}
    for name, table in tables.items():
        lines = [*table, "", origin(name, trees[name], hashes[name])]
        text = between(text, name, "\n".join(lines))
    page.write_text(text, encoding="utf-8")


def between(text: str, name: str, table: str) -> str:
    """Return a text with a table between its marks."""
    begin, end = marks(name)
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    assert after, f"README.md has no marks {begin} and {end}"
    return f"{before}{begin}\n{table}\n{end}{after}"


def marks(name: str) -> tuple[str, str]:
    return f"<!-- {name}: from make figures -->", f"<!-- {name}: end -->"


def origin(name: str, tree: xr.DataTree, own: str) -> str:
    """Return where a table comes from."""
    date = json.loads(tree.attrs["provenance"])["time"][:10]
    size = tree["trajectories"].sizes["trajectory"]
    return (
        f"`configs/{name}.toml`, {size:,} histories per architecture, seed {tree.attrs['seed']}, "
        f"simulated on {date};\nrun `{tree.attrs['run'][:16]}`, fingerprint\n`{own}`."
    )


def demo(tree: xr.DataTree) -> list[str]:
    """Return the differences of the main scenario, with their intervals."""
    found = compare(tree, outcomes=list(ROWS))
    names = [str(name) for name in found["architecture"].values]
    rows = [["outcome", *(name.replace("_", " ") for name in names)]]
    for outcome, title in ROWS.items():
        own = found.sel(outcome=outcome)
        value = own.sel(architecture=names[0])
        width = float(value["estimate_upper"] - value["estimate_lower"])
        cells = [shown(float(value["estimate"]), width)]
        for name in names[1:]:
            cell = own.sel(architecture=name)
            low, high = float(cell["lower"]), float(cell["upper"])
            numbers = [shown(float(cell["difference"]), high - low, sign=True)]
            numbers += [shown(end, high - low, sign=True) for end in (low, high)]
            cells.append(f"{numbers[0]} [{numbers[1]}, {numbers[2]}]")
        rows.append([title, *cells])
    return aligned(rows)


def answers(drawn: ByDraws) -> list[str]:
    """Return which architecture is lowest for which share of the assumptions, per outcome."""
    rows = [["outcome", "lowest in most draws", "share", "surely", "at most", "next", "lost most"]]
    for outcome in map(str, drawn.choices["outcome"].values):
        own = drawn.choices.sel(outcome=outcome)
        leader = str(own["leader"].values)
        best = own.sel(architecture=leader)
        others = own.drop_sel(architecture=leader).sortby("best", ascending=False)
        second = others.isel(architecture=0)
        losses = [loss for loss in drawn.losses if loss.outcome == outcome]
        lost = "; ".join(
            f"`{loss.quantity}` in its {loss.side} fifth ({percent(loss.lost)})" for loss in losses
        )
        rows.append(
            [
                f"`{outcome}`",
                leader,
                share(best["best"], best["best_error"]),
                percent(best["clearly"]),
                percent(best["possibly"]),
                f"{second['architecture'].values} {share(second['best'], second['best_error'])}",
                lost or "no assumption alone",
            ]
        )
    return aligned(rows)


if __name__ == "__main__":
    folder = REPOSITORY / "build"
    folder.mkdir(exist_ok=True)
    write(make_stores(folder), REPOSITORY)
