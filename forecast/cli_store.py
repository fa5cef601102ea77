"""The commands ``forecast store``: what a store is worth, how it is mended and exported."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from forecast.errors import ForecastError

DAMAGED = 1

MOST_SHOWN = 20

store_app = typer.Typer(
    no_args_is_help=True, help="Stores: fingerprint, verification, older versions, export."
)

# A text, not a path: it may be the address of an object store.
Store = Annotated[
    str, typer.Argument(help="Outcome store of a run: a folder or an address.", show_default=False)
]


@store_app.command()
def fingerprint(store: Store) -> None:
    """Print one hash over all values and labels of a complete store, as for a footnote."""
    from forecast.outcomes.fingerprint import fingerprint as fingerprint_of

    typer.echo(fingerprint_of(store))


@store_app.command()
def verify(
    store: Store,
    recompute: Annotated[
        int, typer.Option(help="Batches, drawn at random, to simulate again and compare.", min=0)
    ] = 0,
    repair: Annotated[
        bool, typer.Option("--repair", help="Simulate damaged batches again and put them back.")
    ] = False,
) -> None:
    """Check a store against its checksums; exit with 1 if anything is damaged and not mended."""
    from forecast.studies.stores import mend, recomputed, sound

    findings = sound(store)
    _show(store, findings.damaged)
    if findings.damaged:
        if not repair:
            typer.echo(f"Mend it with: forecast store verify {store} --repair", err=True)
            raise typer.Exit(DAMAGED)
        mend(store, findings)
        typer.echo(f"{store}: mended; every checksum holds now")
    else:
        typer.echo(f"{store}: {findings.checked:,} batches checked, every checksum holds")
    if recompute:
        _tell_recomputed(store, recomputed(store, recompute))


def _show(store: str, damaged: list[str]) -> None:
    """Name what is damaged, the first of it if there is much."""
    for key in damaged[:MOST_SHOWN]:
        typer.echo(f"{store}: damaged or missing: {key}", err=True)
    if len(damaged) > MOST_SHOWN:
        typer.echo(f"{store}: and {len(damaged) - MOST_SHOWN:,} more", err=True)


def _tell_recomputed(store: str, outcome: tuple[list[int], dict[int, list[str]]]) -> None:
    batches, unlike = outcome
    if not unlike:
        numbers = ", ".join(map(str, batches))
        typer.echo(f"{store}: batches {numbers} simulated again: every value is the same")
        return
    for batch, paths in unlike.items():
        typer.echo(
            f"{store}: batch {batch} simulated again differs in {len(paths)} arrays: "
            f"{', '.join(paths[:5])}",
            err=True,
        )
    raise ForecastError(
        "equal bits are promised within one locked environment and CPU family; forecast info tells "
        "with what the store was made"
    )


@store_app.command()
def migrate(store: Store) -> None:
    """Bring a store of an older version up to date; its values stay the same."""
    from forecast.outcomes.migrate import migrate as migrate_store
    from forecast.outcomes.places import place_of

    done = migrate_store(place_of(store))
    typer.echo(f"{store}: {'brought up to date' if done else 'is up to date already'}")


@store_app.command()
def export(
    store: Store,
    to: Annotated[
        Literal["states", "state-years", "dyad-years", "trajectories", "questions", "draws"],
        typer.Option(help="What to write (docs/analysis.md).", show_default=False),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            help="File to write: .csv or .parquet; .json for questions, .parquet for draws.",
            show_default=False,
        ),
    ],
    before: Annotated[
        int | None, typer.Option(help="Questions: year before which an event has to happen.")
    ] = None,
    trajectories: Annotated[
        int | None,
        typer.Option(help="Draws: how many trajectories, at most 1,000 if not given.", min=1),
    ] = None,
    architecture: Annotated[
        str | None, typer.Option(help="Draws: under which architecture, if not the reference.")
    ] = None,
    keep_abnormal: Annotated[
        bool, typer.Option("--keep-abnormal", help="Accept histories that ended abnormally.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an existing file.")] = (
        False
    ),
) -> None:
    """Write tables, forecasting questions or draws for other tools."""
    from forecast.analysis.export.forms import export as export_store

    told = export_store(
        store,
        to,
        output,
        before=before,
        draws=trajectories,
        architecture=architecture,
        keep_abnormal=keep_abnormal,
        overwrite=overwrite,
    )
    typer.echo(told)
