"""GillesPy2 with its C++ solver: a reaction without reactants for every pair of states."""

from __future__ import annotations

import os
import site
from functools import cache

import gillespy2
import numpy as np

from benchmarks.exact import Counts, Workload

NAME, SEEDED = "GillesPy2 C++", False

# In a virtual environment the build asks the base interpreter, which does not know its packages.
os.environ["PYTHONPATH"] = os.pathsep.join(
    [*site.getsitepackages(), *filter(None, [os.environ.get("PYTHONPATH")])]
)


@cache
def solver(rates: bytes, years: int) -> gillespy2.SSACSolver:
    """Return the compiled solver of a model; it serves every run."""
    model = gillespy2.Model(name="onsets")
    species = gillespy2.Species(name="onsets", initial_value=0, mode="discrete")
    model.add_species(species)
    for n, rate in enumerate(np.frombuffer(rates)):
        hazard = gillespy2.Parameter(name=f"h{n}", expression=float(rate))
        model.add_parameter(hazard)
        model.add_reaction(
            gillespy2.Reaction(name=f"pair{n}", reactants={}, products={species: 1}, rate=hazard)
        )
    model.timespan(gillespy2.TimeSpan.linspace(t=years, num_points=years + 1))
    return gillespy2.SSACSolver(model=model)


def run(workload: Workload, trajectories: int, seed: int) -> Counts:
    """Simulate all trajectories in one run of the compiled program, as it is meant to be used."""
    compiled = solver(workload.rates.tobytes(), workload.years)
    results = compiled.run(number_of_trajectories=trajectories, seed=seed + 1)
    found = np.diff([x["onsets"] for x in results], axis=1).astype(np.int64)
    return Counts(found.sum(axis=1), found.sum(axis=0), found[:, -1])
