"""The commands of ``forecast study``: what the record and many runs teach.

A command imports what it needs inside its body, so that help starts at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

study_app = typer.Typer(no_args_is_help=True, help="Studies: what the record and many runs teach.")

Data = Annotated[Path, typer.Option(help="Folder of the source files.", show_default=False)]


@study_app.command("fit")
def study_fit(
    data: Data,
    output: Annotated[Path, typer.Option(help="Parameter file to write (TOML).")],
    until: Annotated[int, typer.Option(help="Last year of the record that is used.")],
    first: Annotated[int, typer.Option("--from", help="First year: 1816 or 1946.")] = 1816,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an existing parameter file.")
    ] = False,
) -> None:
    """Estimate the model's parameters from the record of some years."""
    from forecast.studies.fit.parameters import write_fit

    count = write_fit(data, first, until, output, overwrite=overwrite)
    typer.echo(f"{output}: {count} parameters. Name it in a scenario: parameters = {output.stem!r}")


@study_app.command("estimates")
def study_estimates(
    fits: Annotated[list[Path], typer.Argument(help="Parameter files written by fit.")],
    output: Annotated[Path, typer.Option(help="Page to write (Markdown).")],
) -> None:
    """Set estimates beside the model's published values, with their difference."""
    from forecast.studies.fit.page import write_estimates_page

    write_estimates_page(fits, output)
    typer.echo(f"Wrote {output}")


@study_app.command("onset")
def study_onset(
    data: Data,
    output: Annotated[Path, typer.Option(help="Page to write (Markdown).")],
    trajectories: Annotated[
        int, typer.Option(help="Histories of the engine from each origin; 0: equation only.", min=0)
    ] = 20_000,
) -> None:
    """Compare forms of the onset equation from rolling origins, and score the engine with them."""
    from forecast.studies.evidence.page import write_onset_page

    scores = write_onset_page(data, output, trajectories)
    for row in scores:
        typer.echo(f"{row.log_score:.5f}  {row.name}")
    typer.echo(f"Wrote {output}")


@study_app.command("ablate")
def study_ablate(
    config: Annotated[Path, typer.Argument(help="Scenario file (TOML).", show_default=False)],
    overrides: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Override a value, such as run.seed=7."),
    ] = None,
    trajectories: Annotated[
        int, typer.Option(help="Futures per architecture for the mechanisms.", min=2)
    ] = 1000,
    constant_trajectories: Annotated[
        int, typer.Option(help="Futures per architecture for each background constant.", min=2)
    ] = 300,
    output: Annotated[Path | None, typer.Option(help="Page to write (Markdown).")] = None,
) -> None:
    """Tell what each mechanism and each background constant carries of every contrast."""
    from forecast.scenario.load import load_scenario
    from forecast.studies.ablation.page import summary, write_page
    from forecast.studies.ablation.study import ablate

    ablation = ablate(
        load_scenario(config, overrides or ()),
        trajectories=trajectories,
        constant_trajectories=constant_trajectories,
    )
    typer.echo("\n".join(summary(ablation)))
    if output is not None:
        write_page(ablation, output)
        typer.echo(f"Wrote {output}")


@study_app.command("sweep")
def study_sweep(
    config: Annotated[Path, typer.Argument(help="Scenario file (TOML).", show_default=False)],
    output: Annotated[
        str | None,
        typer.Option(help="Store to write; by default named after CONFIG, in this folder."),
    ] = None,
    draws: Annotated[
        int | None,
        typer.Option(
            help="Draws of the assumptions, a power of two; by default the scenario's, or 256."
        ),
    ] = None,
    trajectories: Annotated[
        int | None, typer.Option(help="Simulated futures per architecture.")
    ] = None,
    overrides: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Override a value, such as run.seed=7."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an existing outcome store.")
    ] = False,
) -> None:
    """Simulate a scenario under common draws of its deep assumptions.

    The same as forecast run with uncertainty.vary = "assumptions" in the scenario, which also runs
    on a cluster.
    """
    from forecast.run import run
    from forecast.studies.robustness.sweep import swept

    scenario = swept(config, overrides or (), draws)
    place = output or f"{config.stem}.zarr"
    run(scenario, output=place, trajectories=trajectories, overwrite=overwrite)
    typer.echo(f"Outcomes: {place}. Judge them with: forecast study robustness {place}")


@study_app.command("robustness")
def study_robustness(
    store: Annotated[str, typer.Argument(help="Store with draws.", show_default=False)],
    outcome: Annotated[
        list[str] | None,
        typer.Option(help="Harm to judge; repeat for more. By default the main ones."),
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Page to write (Markdown).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print records instead.")] = False,
) -> None:
    """Tell which architecture is best under which assumptions, and what flips that.

    Shares of draws with their errors, regret, the assumptions that turn the ranking over and the
    value at which they do, what the difference depends on, and the spread by its sources. Where
    the store holds architectures in other modes (name@budget_matched), their differences by mode.
    """
    import json

    from forecast.outcomes.fingerprint import fingerprint
    from forecast.outcomes.store import open_outcomes
    from forecast.studies.robustness.page import records, summary, write_page
    from forecast.studies.robustness.study import robustness

    tree = open_outcomes(store)
    study = robustness(tree, outcome)
    if as_json:
        typer.echo(json.dumps(records(study), indent=2, allow_nan=False))
    else:
        typer.echo("\n".join(summary(study)))
    if output is not None:
        write_page(study, tree, fingerprint(store), output)
        typer.echo(f"Wrote {output}", err=True)


@study_app.command("validate")
def study_validate(
    output: Annotated[Path, typer.Option(help="Page to write (Markdown).")],
    trajectories: Annotated[int, typer.Option(help="Histories of each era.", min=20)] = 2000,
) -> None:
    """Set simulated histories of three past eras beside the stylised facts of the record."""
    from forecast.studies.facts.page import validate, write_page

    found = validate(trajectories)
    write_page(found, trajectories, output)
    missed = [line.target for line in found if line.missed]
    typer.echo(f"{len(found) - len(missed)} of {len(found)} lines pass. Wrote {output}")


@study_app.command("register")
def study_register(
    output: Annotated[Path, typer.Option(help="Page to write (Markdown).")],
) -> None:
    """Write the register of parameters from the one file that holds them."""
    from forecast.studies.register import write_register

    typer.echo(f"{output}: {write_register(output)} parameters")


@study_app.command("score")
def study_score(
    store: Annotated[str, typer.Argument(help="Outcome store of a run.", show_default=False)],
    observed: Annotated[Path, typer.Option(help="Folder of the source files.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Records for programs.")] = False,
) -> None:
    """Score a run and simple baselines against the record."""
    from forecast.studies.scores.score import score_store
    from forecast.studies.scores.words import as_json_text, table_lines

    table, notes = score_store(store, observed)
    for note in notes:
        typer.echo(note, err=True)
    typer.echo(as_json_text(table) if as_json else "\n".join(table_lines(table)))


@study_app.command("hindcast")
def study_hindcast(
    config: Annotated[
        Path, typer.Argument(help="Scenario or file of rolling origins.", show_default=False)
    ],
    data: Data,
    output: Annotated[Path, typer.Option(help="Page to write (Markdown), figures beside it.")],
    overrides: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Override a value of the scenario."),
    ] = None,
) -> None:
    """Run a forecast from a past origin, or many, and score it against the record."""
    from forecast.studies.hindcast.page import check_output, write_page
    from forecast.studies.hindcast.rolling import is_rolling
    from forecast.studies.hindcast.study import hindcast, rolling_hindcast
    from forecast.studies.scores.table import score_table

    check_output(output)
    made_by = rolling_hindcast if is_rolling(config) else hindcast
    found = made_by(config, data, overrides or ())
    written = write_page(found, score_table(found.cases), output)
    typer.echo(f"Wrote {', '.join(map(str, written))}")


@study_app.command("calibrate")
def study_calibrate(
    config: Annotated[Path, typer.Argument(help="Calibration file (TOML).", show_default=False)],
    work: Annotated[
        Path, typer.Option(help="Folder of the simulations; a broken calibration goes on from it.")
    ],
    parameters: Annotated[Path, typer.Option(help="Parameter file to write (TOML).")],
    output: Annotated[Path, typer.Option(help="Page to write (Markdown).")],
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an existing parameter file.")
    ] = False,
) -> None:
    """Rule out values of unmeasured parameters by the facts of the record, wave by wave."""
    from forecast.studies.calibrate.chosen import write_calibrated
    from forecast.studies.calibrate.config import load_calibration
    from forecast.studies.calibrate.page import summary, write_page
    from forecast.studies.calibrate.study import calibrate, refuse_existing

    asked = load_calibration(config)
    refuse_existing(parameters, overwrite=overwrite)
    found, chosen = calibrate(asked, work)
    write_calibrated(asked, chosen, parameters, output.name, overwrite=overwrite)
    write_page(asked, found, chosen, output)
    typer.echo("\n".join(summary(found, chosen)))
    typer.echo(f"Wrote {parameters} and {output}. In a scenario: parameters = {parameters.stem!r}")
