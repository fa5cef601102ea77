"""The forms a store is exported in, and the one door they are written through."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import xarray as xr

from forecast.analysis.export.draws import write_draws
from forecast.analysis.export.questions import questions
from forecast.analysis.tidy import dyad_years, state_years, states, trajectories
from forecast.errors import ForecastError
from forecast.outcomes.store import open_outcomes

if TYPE_CHECKING:
    import pandas as pd

Form = Literal["states", "state-years", "dyad-years", "trajectories", "questions", "draws"]

MOST_DRAWS = 1000
"""Trajectories that are exported as draws unless more are asked for."""

TABLES: dict[str, Callable[[xr.DataTree, bool], pd.DataFrame]] = {
    "states": lambda tree, keep: states(tree, keep_abnormal=keep),
    "state-years": lambda tree, keep: state_years(tree, keep_abnormal=keep),
    "dyad-years": lambda tree, keep: dyad_years(tree, keep_abnormal=keep),
    "trajectories": lambda tree, keep: trajectories(tree),
}

ENDINGS = {
    **dict.fromkeys(TABLES, (".csv", ".parquet")),
    "questions": (".json",),
    "draws": (".parquet",),
}
"""How the file's name must end, by form."""


def export(
    store: str,
    form: Form,
    output: Path,
    *,
    before: int | None = None,
    draws: int | None = None,
    architecture: str | None = None,
    keep_abnormal: bool = False,
    overwrite: bool = False,
) -> str:
    """Write a store in another form, and return what was written, in words.

    Parameters
    ----------
    store
        Folder or address of the store of a run.
    form
        One of the tables of `forecast.analysis.tidy`, forecasting questions, or draws.
    output
        File to write; its ending chooses between CSV and Parquet. It appears when it is whole.
    before
        Year that dated questions ask about.
    draws, architecture
        Trajectories to export as draws, and under which architecture.
    keep_abnormal
        Accept trajectories that did not complete.
    overwrite
        Replace an existing file.

    Raises
    ------
    ForecastError
        If the ending is not one of the form's, an option belongs to another form, the file exists
        and `overwrite` is false, its folder does not, or the store cannot be read so.
    """
    _check(form, output, overwrite=overwrite)
    _refuse_foreign(form, "questions", {"--before": before})
    _refuse_foreign(form, "draws", {"--trajectories": draws, "--architecture": architecture})
    unfinished = output.with_name(f"{output.name}.partial")
    try:
        if form == "draws":
            tree = open_outcomes(store)
            count = min(MOST_DRAWS, tree["trajectories"].sizes["trajectory"])
            rows = write_draws(
                store, unfinished, draws or count, architecture, keep_abnormal=keep_abnormal
            )
        elif form == "questions":
            records = questions(open_outcomes(store), before, keep_abnormal=keep_abnormal)
            unfinished.write_text(
                json.dumps(records, indent=2, allow_nan=False, ensure_ascii=False) + "\n", "utf-8"
            )
            rows = len(records)
        else:
            frame = TABLES[form](open_outcomes(store), keep_abnormal)
            _write_table(frame, unfinished, output.suffix)
            rows = len(frame)
        os.replace(unfinished, output)
    finally:
        unfinished.unlink(missing_ok=True)
    return f"{output}: {rows:,} {'records' if form == 'questions' else 'rows'}"


def _check(form: str, output: Path, *, overwrite: bool) -> None:
    endings: Sequence[str] = ENDINGS[form]
    if output.suffix not in endings:
        raise ForecastError(
            f"{output}: {form} are written to a file that ends in {' or '.join(endings)}"
        )
    if output.is_dir() or (os.path.lexists(output) and not overwrite):
        raise ForecastError(f"{output} exists; choose another --output or add --overwrite")
    if not output.parent.is_dir():
        raise ForecastError(f"{output}: there is no folder {output.parent}; make it first")


def _refuse_foreign(form: str, own: str, given: dict[str, object]) -> None:
    """Refuse options that belong to another form, rather than ignore them."""
    for option, value in given.items():
        if value is not None and form != own:
            raise ForecastError(f"{option} belongs to --to {own}; leave it out with --to {form}")


def _write_table(frame: pd.DataFrame, path: Path, ending: str) -> None:
    if ending == ".csv":
        frame.to_csv(path, index=False)
        return
    try:
        frame.to_parquet(path, index=False)
    except ImportError:
        raise ForecastError(
            "Parquet needs the extra 'study': pip install \"crossroads-forecast[study]\""
        ) from None
