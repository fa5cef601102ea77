"""The study: choice, flips, drivers, the split of variance and the modes of one store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import xarray as xr

from forecast.analysis.stores import check_not_record, draws_of, scenario_of
from forecast.analysis.uncertainty import OF_A_MEAN, split_table, values_by_draw
from forecast.errors import ForecastError, nearest
from forecast.estimators.catalogue import MEASURES, Measure
from forecast.estimators.choice import Choice, choose
from forecast.studies.robustness.flips import check_draws
from forecast.studies.robustness.modes import modes_of
from forecast.studies.robustness.ranked import Influence, Loss, Ranked, Turn

OUTCOMES = (
    "expected_war_count",
    "largest_war_above_100000",
    "battle_deaths_above_100000",
    "small_state_loss_count",
    "great_power_war",
    "expected_great_power_war_count",
)
"""Harms that are judged unless others are named."""

HARMS = frozenset(
    {
        *OUTCOMES,
        "dispute_count",
        "fatal_dispute_count",
        "war_count",
        "battle_deaths_above_1000000",
        "battle_deaths_above_10000000",
        "largest_war_above_1000000",
        "largest_war_above_10000000",
        "g3_war",
        "great_power_dispute_count",
        "aggression_success_count",
        "territory_loss_count",
        "conquest_count",
        "nuclear_use",
        "proliferation_count",
        "coercion_success_count",
    }
)
"""Outcomes of which less is better, whoever is asked."""

NOISY = 0.5
"""Above this share of noise in what draws differ by, a choice by draw is mostly guesswork."""


class ByDraws(NamedTuple):
    """What the draws of a store say on the choice of an architecture.

    Parameters
    ----------
    choices
        Dimensions architecture and outcome: the fields of `Choice`, and the mean; over outcome:
        leader (lowest mean) and noise_share, that of noise in what its lead varies by.
    split
        Variance of one history's value by outcome and part.
    turns, losses, influences
        Which assumptions make two architectures change places, where the leader is lost, and
        what its difference to the reference depends on.
    """

    choices: xr.Dataset
    split: xr.Dataset
    turns: tuple[Turn, ...]
    losses: tuple[Loss, ...]
    influences: tuple[Influence, ...]


class Robustness(NamedTuple):
    """What a store says on the choice of an architecture.

    Parameters
    ----------
    outcomes
        The harms judged.
    draws
        What its draws say; None if it has none.
    modes
        Differences by mode of comparison; None if it has none.
    """

    outcomes: tuple[Measure, ...]
    draws: ByDraws | None
    modes: xr.Dataset | None


def robustness(tree: xr.DataTree, outcomes: Sequence[str] | None = None) -> Robustness:
    """Return which architecture is best for which share of the draws, and what changes that.

    Parameters
    ----------
    tree
        Outcomes of a run with draws, or with architectures in several modes of comparison, or
        both; histories that ended abnormally are used as they are.
    outcomes
        Names of harms; by default `OUTCOMES`.

    Raises
    ------
    ForecastError
        If an outcome is unknown or no harm, there are neither draws nor modes, too few draws, or
        one architecture.
    """
    check_not_record(tree)
    measures = _harms(outcomes or OUTCOMES)
    modes = modes_of(tree, [m.name for m in measures])
    drawn = draws_of(tree) > 1 or modes is None
    return Robustness(measures, by_draws(tree, measures) if drawn else None, modes)


def by_draws(tree: xr.DataTree, measures: tuple[Measure, ...]) -> ByDraws:
    """Return what the draws say; variants (``name@mode``) do not stand for choice."""
    scenario = scenario_of(tree)
    every = [str(name) for name in tree["trajectories"].to_dataset()["architecture"].values]
    names = [name for name in every if "@" not in name]
    if len(names) < 2:
        raise ForecastError(f"only {', '.join(names)} is there as it is: nothing to choose from")
    seen = [values_by_draw(tree, measure, names) for measure in measures]
    group = tree["draws"].to_dataset()
    check_draws(*group["percentile"].shape)
    reference = str(scenario["reference"])
    ranked = [
        Ranked(m.name, one, names, reference, group) for m, one in zip(measures, seen, strict=True)
    ]
    choices = _labelled([choose(one) for one in seen], ranked, measures, names)
    return ByDraws(
        choices.assign_attrs(draws=draws_of(tree), reference=reference),
        split_table(measures, seen),
        tuple(turn for one in ranked for turn in one.turns()),
        tuple(loss for one in ranked for loss in one.losses()),
        tuple(influence for one in ranked for influence in one.influences()),
    )


def _harms(names: Sequence[str]) -> tuple[Measure, ...]:
    known = {m.name: m for m in MEASURES if m.name in HARMS}
    assert all(m.kind in OF_A_MEAN for m in known.values())
    return tuple(known[nearest(name, list(known), "harm")] for name in names)


def _labelled(
    found: list[Choice], ranked: list[Ranked], measures: Sequence[Measure], names: list[str]
) -> xr.Dataset:
    dims = ("architecture", "outcome")
    fields = {
        field: (dims, np.stack([getattr(one, field) for one in found], axis=1))
        for field in Choice._fields
    }
    mean = np.stack([one.seen.value.mean(axis=0) for one in ranked], axis=1)
    leader = np.array([names[one.leader] for one in ranked], dtype=object)
    return xr.Dataset(
        {
            **fields,
            "mean": (dims, mean),
            "leader": ("outcome", leader),
            "noise_share": ("outcome", np.array([one.noise_share for one in ranked])),
        },
        coords={
            "architecture": np.array(names, dtype=object),
            "outcome": np.array([m.name for m in measures], dtype=object),
        },
    )
