"""The command ``forecast replay``: one history of a store, and which are worth it."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forecast.errors import ForecastError

if TYPE_CHECKING:
    from forecast.analysis.replay.find import Found

FEW = 5


def replay(
    store: Annotated[str, typer.Argument(help="Outcome store of a run.", show_default=False)],
    trajectory: Annotated[
        int | None, typer.Option(help="Number of the trajectory, from 0.", show_default=False)
    ] = None,
    architecture: Annotated[
        list[str] | None,
        typer.Option(help="Under which; name two to compare. By default the reference."),
    ] = None,
    find: Annotated[
        str | None,
        typer.Option(
            metavar="EXPRESSION",
            help="Find trajectories instead, such as 'status_quo_un.war_count > 20 and "
            "strengthened_un.war_count < 10'.",
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(help=f"Find at most so many; by default {FEW}.", min=1)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print records instead.")] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the events to a Parquet file.")
    ] = None,
) -> None:
    """Simulate one history of a store again and tell it event by event.

    Every stored value of the trajectory is held against what is simulated. For example:

    forecast replay three_futures.zarr --trajectory 17 --architecture strengthened_un
    """
    if find is not None:
        if trajectory is not None or architecture or output:
            raise ForecastError(
                "--find only finds; --architecture and -o go with a --trajectory alone"
            )
        _find(store, find, limit or FEW, as_json=as_json)
        return
    if trajectory is None or limit is not None:
        raise ForecastError(
            "name a trajectory (--trajectory N), or find some (--find EXPRESSION, with --limit)"
        )
    from forecast.analysis.replay import replay as simulate_again
    from forecast.analysis.replay.told import check_output

    if output is not None:
        check_output(output)
    told = simulate_again(store, trajectory, architecture)
    if output is not None:
        told.write(output)
        typer.echo(f"Wrote {output}: {len(told.events):,} events", err=True)
    if as_json:
        typer.echo(json.dumps(told.records(), indent=2, allow_nan=False))
    elif output is None:
        from forecast.analysis.replay.timeline import print_replay

        print_replay(told)


def _find(store: str, expression: str, limit: int, *, as_json: bool) -> None:
    from forecast.analysis.replay.find import find
    from forecast.outcomes.store import open_outcomes

    tree = open_outcomes(store)
    found = find(tree, expression)
    if not tree.attrs["complete"]:
        typer.echo(f"{store}: not complete; what is there of it is searched", err=True)
    matches = [_match(store, found, at) for at in range(min(limit, found.trajectories.size))]
    for line in _left_out(found):
        typer.echo(line, err=True)
    if as_json:
        typer.echo(json.dumps(matches, indent=2, allow_nan=False))
        return
    typer.echo(f"{found.trajectories.size:,} of {found.of:,} trajectories match")
    for match in matches:
        told = ", ".join(f"{name} {value:g}" for name, value in match["values"].items())
        typer.echo(f"{match['trajectory']}: {told}\n  {match['command']}")


def _match(store: str, found: Found, at: int) -> dict[str, Any]:
    """Return one trajectory with what was compared, and the command that tells it."""
    number = int(found.trajectories[at])
    words = ["forecast", "replay", store, "--trajectory", str(number)]
    for name in found.architectures[:2]:
        words += ["--architecture", name]
    values = {name: values[at].item() for name, values in found.values.items()}
    return {"trajectory": number, "values": values, "command": shlex.join(words)}


def _left_out(found: Found) -> list[str]:
    told = []
    if found.abnormal:
        told.append(f"{found.abnormal:,} trajectories ended abnormally and are left out")
    if found.unknown:
        told.append(f"{found.unknown:,} trajectories, where it divides by nought, are left out")
    return told
