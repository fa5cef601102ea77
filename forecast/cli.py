"""The front door: the command ``forecast``.

Daily verbs are commands of `app` itself. Commands for the parts of a forecast (the world, the
stores, the studies) form groups of their own, added to `app` with ``app.add_typer``. A command
imports what it needs inside its body, so that help and configuration checks start at once.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from forecast.cli_replay import replay
from forecast.cli_store import store_app
from forecast.cli_study import study_app
from forecast.cli_world import world_app
from forecast.errors import ForecastError

USER_ERROR = 2
ABNORMAL_EXIT = 3
INTERRUPTED = 130

SHIPPED = (
    "three_futures",
    "all_futures",
    "hindcast_league",
    "hindcast_cold_war",
    "hindcast_1990",
    "hindcast_2001",
    "comparability",
    "packages",
    "robustness",
)


class FrontDoor(TyperGroup):
    """Turns a person's fault into a message and an exit code, for every command alike."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; exit with 2 on a fault in what was asked, 130 on Ctrl-C."""
        try:
            return super().invoke(ctx)
        except ForecastError as fault:
            typer.echo(str(fault), err=True)
            raise typer.Exit(USER_ERROR) from None
        except KeyboardInterrupt as interruption:
            typer.echo(_farewell(interruption), err=True)
            raise typer.Exit(INTERRUPTED) from None


def _farewell(interruption: KeyboardInterrupt) -> str:
    """Return what to say on Ctrl-C: what is kept, if anything, and how to carry on."""
    if not str(interruption):
        return "interrupted"
    return f"{interruption}: {shlex.join(['forecast', *sys.argv[1:]])}"


app = typer.Typer(
    name="forecast",
    cls=FrontDoor,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Conflict forecasts under rival collective-security architectures.",
)

app.command()(replay)
app.add_typer(world_app, name="world")
app.add_typer(store_app, name="store")
app.add_typer(study_app, name="study")

Config = Annotated[Path, typer.Argument(help="Scenario file (TOML).", show_default=False)]
Overrides = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Override a value, such as run.seed=7."),
]
Store = Annotated[str, typer.Argument(help="Outcome store of a run.", show_default=False)]


def main() -> None:
    """Run the command line."""
    app()


@app.command()
def init(
    name: Annotated[str, typer.Argument(help=f"Shipped scenario: {', '.join(SHIPPED)}.")],
    directory: Annotated[Path, typer.Option(help="Folder for the copy.")] = Path(),
) -> None:
    """Copy a shipped scenario to edit."""
    from forecast.scenario.documents import copy_scenario

    copy = copy_scenario(name, directory)
    typer.echo(f"Wrote {copy}. Edit it, then: forecast check {copy}")


@app.command()
def check(config: Config, overrides: Overrides = None) -> None:
    """Check a scenario and everything it draws on; print a short summary."""
    from forecast.scenario.load import load_scenario

    scenario = load_scenario(config, overrides or ())
    horizon, run = scenario.horizon, scenario.run
    typer.echo(scenario.title)
    typer.echo(f"  years         {horizon.first_year}-{horizon.last_year} ({horizon.years})")
    typer.echo(
        f"  trajectories  {run.trajectories} in batches of {run.batch_size}, seed {run.seed}"
    )
    typer.echo("  architectures")
    for name, architecture in scenario.architectures.items():
        mark = " (reference)" if name == scenario.reference else ""
        typer.echo(f"    {name}{mark}: {len(architecture.institutions)} institutions")


@app.command()
def schema() -> None:
    """Print the JSON Schema of the configuration files."""
    from forecast.scenario.schema import schema_text

    typer.echo(schema_text(), nl=False)


@app.command()
def run(
    config: Config,
    output: Annotated[
        str | None,
        typer.Option(
            help="Store to write, a folder or an address such as s3://bucket/run.zarr; by default "
            "named after CONFIG, in this folder. One of the same run is carried on."
        ),
    ] = None,
    trajectories: Annotated[
        int | None, typer.Option(help="Simulated futures per architecture.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Root of all random draws.")] = None,
    workers: Annotated[
        int | None, typer.Option(help="Threads; by default one per processor.")
    ] = None,
    processes: Annotated[
        int | None, typer.Option(help="Worker processes on this machine, instead of threads.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="Address of a dask scheduler, such as tcp://host:8786.")
    ] = None,
    scheduler_file: Annotated[
        Path | None, typer.Option(help="File in which a dask scheduler has left its address.")
    ] = None,
    memory: Annotated[
        str | None, typer.Option(help="Most memory to use on this machine, such as 4GB.")
    ] = None,
    overrides: Overrides = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an existing outcome store.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what the run would take, and write nothing.")
    ] = False,
) -> None:
    """Simulate a scenario and keep its outcomes; exit with 3 if histories ended abnormally.

    Whatever interrupts it, the same command carries on from there; with more --trajectories it
    simulates those that are new.
    """
    from forecast.scenario.load import load_scenario

    scenario = load_scenario(config, overrides or ())
    place = output or f"{config.stem}.zarr"
    _announce_compilation()
    if dry_run:
        from forecast.execution.plan import plan_of

        for line in plan_of(
            scenario, place, trajectories, seed, workers, processes, memory, overwrite
        ):
            typer.echo(line)
        return
    from forecast.analysis.stores import abnormal_exits
    from forecast.run import run as run_scenario

    tree = run_scenario(
        scenario,
        output=place,
        trajectories=trajectories,
        seed=seed,
        workers=workers,
        scheduler=scheduler,
        scheduler_file=scheduler_file,
        processes=processes,
        memory=memory,
        overwrite=overwrite,
    )
    if (stop := scenario.stop) is not None and trajectories is None:
        from forecast.stopping import look, told

        typer.echo(told(look(tree, scenario, stop, tree.attrs["trajectories"]), stop))
    typer.echo(f"Outcomes: {place}. Read them with: forecast compare {place}")
    if bad := abnormal_exits(tree):
        ended = ", ".join(f"{count} {reason}" for reason, count in bad.items())
        typer.echo(f"{place}: some histories ended abnormally: {ended}", err=True)
        raise typer.Exit(ABNORMAL_EXIT)


@app.command()
def compare(
    store: Store,
    reference: Annotated[
        str | None, typer.Option(help="Architecture to compare with; by default the scenario's.")
    ] = None,
    outcome: Annotated[
        list[str] | None,
        typer.Option(help="Outcome to show; repeat for more. By default the main ones."),
    ] = None,
    architecture: Annotated[
        list[str] | None,
        typer.Option(help="Architecture to show beside the reference; repeat for more."),
    ] = None,
    by: Annotated[
        Literal["year", "region", "class"] | None,
        typer.Option(help="Show one outcome year by year, or by region or class of state."),
    ] = None,
    precision: Annotated[
        str | None,
        typer.Option(
            help="Tell how many more trajectories every difference needs for an interval of this "
            "half width: 0.01, or 5% of the reference's value."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print records instead.")] = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print records instead, as a table with commas.")
    ] = False,
    abnormal: Annotated[
        Literal["keep", "drop"] | None,
        typer.Option(help="What to do with histories that ended abnormally."),
    ] = None,
) -> None:
    """Compare the security architectures of a run, history by history."""
    from forecast.analysis.by import compare_by, one_outcome
    from forecast.analysis.compare import compare as compare_outcomes
    from forecast.analysis.records import as_text

    if as_json and as_csv:
        raise ForecastError("--json and --csv are two forms of the same records; choose one")
    if by and (precision or abnormal == "drop"):
        raise ForecastError(
            "--by reads sums over all trajectories: it knows neither --precision nor "
            "--abnormal drop"
        )
    tree = _opened(store)
    if by:
        keep = abnormal == "keep"
        comparison = compare_by(
            tree, one_outcome(outcome), by, reference, architecture, keep_abnormal=keep
        )
    else:
        comparison = compare_outcomes(tree, reference, outcome, abnormal, architecture, precision)
    if as_json or as_csv:
        typer.echo(as_text(comparison, "json" if as_json else "csv"), nl=False)
        return
    from forecast.analysis.describe import horizon_of
    from forecast.analysis.fate import fate_lines
    from forecast.analysis.table import print_comparison, print_slices

    if by:
        print_slices(comparison, store)
        return
    print_comparison(comparison, horizon_of(tree), store, fate_lines(tree, comparison))


@app.command()
def info(store: Store) -> None:
    """Tell what a store holds and how it was made."""
    from forecast.analysis.describe import describe

    for line in describe(_opened(store)):
        typer.echo(line)


def _opened(store: str) -> Any:
    """Return a store's outcomes; say so if they are not all there yet."""
    from forecast.outcomes.store import open_outcomes

    tree = open_outcomes(store)
    if not tree.attrs["complete"]:
        there = tree["trajectories"].sizes["trajectory"]
        typer.echo(
            f"{store}: not complete, {there:,} of {tree.attrs['trajectories']:,} trajectories are "
            "there; the same forecast run as before carries it on",
            err=True,
        )
    return tree


@app.command()
def selftest() -> None:
    """Check the simulation against independent answers (a minute); exit with 1 if it fails."""
    from forecast.studies.verification.selftest import selftest as run_selftest

    _announce_compilation()
    if not run_selftest():
        raise typer.Exit(1)


@app.command()
def warmup() -> None:
    """Compile the model ahead of the first run, as for a container image or a cluster."""
    from time import perf_counter

    from forecast.kernel.cache import cache_folder
    from forecast.run import compiled_before
    from forecast.scenario.documents import shipped_configs
    from forecast.scenario.load import load_scenario

    folder = cache_folder()
    if folder is None:
        raise ForecastError("no cache folder can be written; FORECAST_CACHE_DIR names one to use")
    done = "Read what was compiled before" if compiled_before() else "Compiled the model"
    scenario = load_scenario(shipped_configs() / "three_futures.toml")
    _announce_compilation()
    start = perf_counter()
    from forecast.kernel.simulate import compile_kernel
    from forecast.world.pack import pack
    from forecast.world.snapshot import read_snapshot

    packed = pack(scenario, read_snapshot(scenario.world))
    compile_kernel(packed.inputs, packed.derived)
    typer.echo(f"{done} in {perf_counter() - start:.0f} s. Machine code: {folder}")


def _announce_compilation() -> None:
    from forecast.run import compiled_before

    if not compiled_before():
        typer.echo(
            "The first run on a machine compiles the model, which takes about a minute.", err=True
        )
