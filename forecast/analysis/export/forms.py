"""The forms a store is exported in, and the one door they are written through."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import xarray as xr

from forecast.analysis.export.draws import write_draws
from forecast.analysis.export.questions import questions
from forecast.analysis.stores import abnormal_exits, check_not_record
from forecast.analysis.tidy import dyad_years, state_years, states, trajectories
from forecast.errors import ForecastError
from forecast.outcomes.store import open_outcomes

if TYPE_CHECKING:
    import pandas as pd

Form = Literal["states", "state-years", "dyad-years", "trajectories", "questions", "draws"]

TABLES: dict[str, Callable[[xr.DataTree], pd.DataFrame]] = {
    "states": partial(states, keep_abnormal=True),
    "state-years": partial(state_years, keep_abnormal=True),
    "dyad-years": partial(dyad_years, keep_abnormal=True),
    "trajectories": trajectories,
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
            rows, note = (
                write_draws(store, unfinished, draws, architecture, keep_abnormal=keep_abnormal),
                "",
            )
        else:
            tree = _accepted(store, form, keep_abnormal=keep_abnormal)
            rows, note = _write(tree, form, unfinished, output.suffix, before)
            note += _unfinished(tree)
        os.replace(unfinished, output)
    finally:
        unfinished.unlink(missing_ok=True)
    return f"{output}: {rows:,} {'records' if form == 'questions' else 'rows'}{note}"


def _accepted(store: str, form: Form, *, keep_abnormal: bool) -> xr.DataTree:
    """Return a store whose trajectories completed, or are told apart by the form."""
    tree = open_outcomes(store)
    check_not_record(tree)
    if form != "trajectories" and not keep_abnormal and abnormal_exits(tree):
        raise ForecastError(
            f"{store}: some trajectories ended abnormally (see: forecast info); add "
            "--keep-abnormal to count them as they are"
        )
    return tree


def _write(
    tree: xr.DataTree, form: Form, path: Path, ending: str, before: int | None
) -> tuple[int, str]:
    """Write a table or questions; return the number of rows, and what is to be known of them."""
    if form == "questions":
        records = questions(tree, before, keep_abnormal=True)
        text = json.dumps(records, indent=2, allow_nan=False, ensure_ascii=False)
        path.write_text(f"{text}\n", encoding="utf-8")
        return len(records), ""
    frame = TABLES[form](tree)
    _write_table(frame, path, ending)
    part = frame.attrs.get("error") == "simulation"
    return len(frame), "; errors leave the parameters out: all batches share draws" if part else ""


def _unfinished(tree: xr.DataTree) -> str:
    if tree.attrs["complete"]:
        return ""
    there = tree["trajectories"].sizes["trajectory"]
    whole = int(tree.attrs["trajectories"])
    return f"; the store is not complete, {there:,} of {whole:,} trajectories are there"


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
