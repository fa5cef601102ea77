"""The front door: the command ``forecast``.

Daily verbs are commands of `app` itself. Commands for the parts of a forecast (the world, the
stores, the studies) form groups of their own, added to `app` with ``app.add_typer``. A command
imports what it needs inside its body, so that help and configuration checks start at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from forecast.errors import ForecastError

USER_ERROR = 2
INTERRUPTED = 130


class FrontDoor(TyperGroup):
    """Turns a person's fault into a message and an exit code, for every command alike."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; exit with 2 on a fault in what was asked, 130 on Ctrl-C."""
        try:
            return super().invoke(ctx)
        except ForecastError as fault:
            typer.echo(str(fault), err=True)
            raise typer.Exit(USER_ERROR) from None
        except KeyboardInterrupt:
            typer.echo("interrupted", err=True)
            raise typer.Exit(INTERRUPTED) from None


app = typer.Typer(
    name="forecast",
    cls=FrontDoor,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Conflict forecasts under rival collective-security architectures.",
)

Config = Annotated[Path, typer.Argument(help="Scenario file (TOML).", show_default=False)]
Overrides = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Override a value, such as run.seed=7."),
]


def main() -> None:
    """Run the command line."""
    app()


@app.command()
def init(
    name: Annotated[str, typer.Argument(help="Shipped scenario: three_futures or all_futures.")],
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
