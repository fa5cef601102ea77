"""What a store holds, in a few lines."""

from __future__ import annotations

import json

import xarray as xr

from forecast.analysis.stores import abnormal_exits, scenario_of


def describe(tree: xr.DataTree) -> list[str]:
    """Return what was run, by what, how it ended and what the store holds."""
    scenario = scenario_of(tree)
    made = json.loads(tree.attrs["provenance"])
    sizes = tree["trajectories"].sizes
    bad = abnormal_exits(tree)
    ended = ", ".join(f"{count} {reason}" for reason, count in bad.items())
    return [
        str(tree.attrs["title"]),
        f"  years         {horizon_of(tree)}",
        f"  architectures {', '.join(scenario['architectures'])}",
        f"  reference     {scenario['reference']}",
        f"  trajectories  {sizes['trajectory']:,} per architecture, seed {tree.attrs['seed']}",
        f"  batches       {tree['annual'].sizes['batch']} of {scenario['run']['batch_size']:,}",
        f"  complete      {'yes' if tree.attrs['complete'] else 'no'}",
        f"  endings       {ended or 'all completed'}",
        f"  numbers       version {tree.attrs.get('numbers_version', 'unknown')}, "
        f"schema version {tree.attrs['schema_version']}",
        f"  made          {made['time']} by version {made['package_version']}, "
        f"commit {made['git_commit']}",
        f"  with          Python {made['python']}, numba {made['numba']}, numpy {made['numpy']}, "
        f"{made['platform']}",
        *(f"  and with      {other}" for other in tree.attrs.get("carried_on_with", ())),
        "  groups",
        *(_group(name, node.to_dataset()) for name, node in sorted(tree.children.items())),
        f"  cite as       {tree.attrs['citation']}",
    ]


def horizon_of(tree: xr.DataTree) -> str:
    """Return the years of a run, such as ``2026-2050``."""
    years = tree["annual"].to_dataset()["year"].values
    return f"{years[0]}-{years[-1]}"


def _group(name: str, group: xr.Dataset) -> str:
    sizes = ", ".join(f"{size:,} {dim}" for dim, size in group.sizes.items())
    megabytes = group.nbytes / 1e6
    return (
        f"    {name}: {len(group.data_vars)} variables over {sizes} ({megabytes:,.1f} MB in memory)"
    )
