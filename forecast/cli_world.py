"""The commands ``forecast world``: the state system at a forecast origin, and the record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

world_app = typer.Typer(no_args_is_help=True, help="Worlds: the state system at a forecast origin.")

Data = Annotated[Path, typer.Option(help="Folder of the source files.", show_default=False)]


@world_app.command()
def build(
    origin: Annotated[
        int, typer.Option(help="Forecast origin: the world stands at 1 January of this year.")
    ],
    data: Data,
    output: Annotated[
        Path, typer.Option(help="Folder to write (.zarr), or one archive (.zarr.zip).")
    ],
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an existing world.")
    ] = False,
) -> None:
    """Build the state system at any 1 January from 1817 to 2026 from its source files."""
    from forecast.world.build import build_snapshot
    from forecast.world.snapshot import check_output, write_snapshot

    check_output(output, overwrite=overwrite)
    world = build_snapshot(origin, data)
    write_snapshot(world, output, overwrite=overwrite)
    sizes = world.sizes
    typer.echo(
        f"{output}: 1 January {origin}, {sizes['state']} states, {sizes['dyad']} directed dyads, "
        f"{sizes['institution']} institutions, {sizes['war']} wars under way"
    )


@world_app.command()
def observed(
    first: Annotated[
        int,
        typer.Option("--from", help="First year; states and dyads are those of its 1 January."),
    ],
    last: Annotated[int, typer.Option("--to", help="Last year.")],
    data: Data,
    output: Annotated[Path, typer.Option(help="Store to write (.zarr).")],
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an existing outcome store.")
    ] = False,
) -> None:
    """Tell the historical record with the variables of a run's outcomes, to score forecasts by."""
    from forecast.outcomes.publish import refuse_taken
    from forecast.studies.observed import observed_record, summary, write_record

    refuse_taken(output, overwrite=overwrite)
    record = observed_record(first, last, data)
    write_record(record, output, overwrite=overwrite)
    typer.echo(f"{output}: {summary(record)}")
