"""Figures of a hindcast, as SVG text that does not change from run to run."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from forecast.studies.hindcast.study import Hindcast
from forecast.studies.scores.calibration import reliability_of, transforms
from forecast.studies.scores.cases import Cases, Counts, YesNo
from forecast.studies.scores.distributions import members_of
from forecast.studies.scores.targets import COUNTS

Floats = NDArray[np.float64]

RELIABLE = ("dyad_onset", "dyad_use_of_force")
BANDS = ((0.05, 0.95, 0.2), (0.25, 0.75, 0.35))
PIT_BINS = 10

STYLE: Any = {"svg.fonttype": "none", "svg.hashsalt": "forecast", "font.size": 9.0}


def timeline(found: Hindcast) -> str:
    """Return simulated bands (50 and 90 %) and observed values of the yearly counts, by year."""

    def draw(axes: Axes, cases: Cases) -> None:
        members = members_of(cases.forecasts[found.model])
        breaks = np.flatnonzero(np.diff(cases.year) != 1) + 1
        for part in np.split(np.arange(len(cases.year)), breaks):
            year = cases.year[part]
            for low, high, shade in BANDS:
                ends = np.quantile(members[part], [low, high], axis=1)
                axes.fill_between(year, *ends, color="tab:blue", alpha=shade, linewidth=0)
            axes.plot(year, members[part].mean(axis=1), color="tab:blue", linewidth=1)
        year, first = np.unique(cases.year, return_index=True)
        axes.plot(year, cases.observed[first], "k.-", linewidth=0.7, markersize=4)
        axes.set_ylabel("a year")

    return _panels(longest_counts(found), draw, across=False)


def reliability(found: Hindcast) -> str:
    """Return observed shares against forecast chances in ten bins, by target and horizon."""

    def draw(axes: Axes, cases: Cases) -> None:
        for model, mark in ((found.model, "o-"), ("logit", "x--")):
            parts = reliability_of(cases.observed, cases.forecasts[model])
            axes.loglog(parts.forecast, np.maximum(parts.observed, 1e-4), mark, label=model)
        axes.plot([1e-4, 1], [1e-4, 1], color="grey", linewidth=0.7)
        axes.minorticks_off()
        axes.set_xlabel("forecast")
        axes.set_ylabel("observed share")
        axes.legend(fontsize=7)

    shown = [c for c in found.cases if isinstance(c, YesNo) and c.target in RELIABLE]
    return _panels(shown, draw, across=True)


def transform_histograms(found: Hindcast) -> str:
    """Return histograms of the randomised probability integral transform of yearly counts."""

    def draw(axes: Axes, cases: Cases) -> None:
        values = transforms(cases.forecasts[found.model], cases.observed.astype(np.int64))
        axes.hist(values, bins=PIT_BINS, range=(0, 1), color="tab:blue", edgecolor="white")
        axes.axhline(len(values) / PIT_BINS, color="grey", linewidth=0.7)
        axes.set_xlabel("transform")

    return _panels(longest_counts(found), draw, across=True)


def longest_counts(found: Hindcast) -> list[Cases]:
    """Return the yearly counts of each target at its longest horizon."""
    counts = [case for case in found.cases if isinstance(case, Counts)]
    return [
        max((c for c in counts if c.target == name), key=lambda c: c.horizon) for name in COUNTS
    ]


def _panels(cases: Sequence[Cases], draw: Callable[[Axes, Cases], None], *, across: bool) -> str:
    """Return one panel for each set of cases, three in a row or below one another."""
    columns = min(3, len(cases)) if across else 1
    rows = -(-len(cases) // columns)
    size = (3.0 * columns, 2.6 * rows) if across else (8.0, 2.0 * rows)
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=size, layout="constrained")
        for place, case in enumerate(cases, 1):
            axes = figure.add_subplot(rows, columns, place)
            draw(axes, case)
            axes.set_title(f"{case.target}, horizon {case.horizon}", fontsize=9)
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()
