"""Invented outcome stores: every variable of the registry, zero unless a test says otherwise."""

from __future__ import annotations

import json

import numpy as np
import xarray as xr

from forecast.outcomes.frame import Frame, coordinates
from forecast.outcomes.variables import GROUPS, VARIABLES

NAMES = ("today", "tomorrow")

STATES = (
    # iso3, class, region
    ("AAA", "small", "europe"),
    ("BBB", "small", "europe"),
    ("CCC", "middle", "europe"),
    ("DDD", "small", "americas"),
    ("EEE", "middle", "americas"),
    ("FFF", "great", "americas"),
)


def frame_of(names: tuple[str, ...] = NAMES, *, size: int = 1000, batches: int = 5) -> Frame:
    """Return a frame of 25 years, six states and two institutions."""
    count = len(STATES)
    return Frame(
        architectures=names,
        institutions=("league", "pact"),
        first_year=2026,
        years=25,
        state=np.arange(1, count + 1),
        iso3=tuple(s[0] for s in STATES),
        state_class=tuple(s[1] for s in STATES),
        region=tuple(s[2] for s in STATES),
        cover=np.full((len(names), count), "", dtype=object),
        exists=np.ones((len(names), 2), np.int8),
        initiator=np.array([1, 2]),
        target=np.array([2, 1]),
        trajectories=size,
        batch_size=-(-size // batches),
    )


def tree_of(frame: Frame, **paths: np.ndarray) -> xr.DataTree:
    """Return a store; keys of `paths` are those of its variables with ``__`` for the slash."""
    given = {path.replace("__", "/"): values for path, values in paths.items()}
    sizes, labels = frame.sizes(), coordinates(frame)
    groups = {"/": xr.Dataset(attrs={"config": json.dumps({"reference": frame.architectures[0]})})}
    for group in GROUPS:
        members = [v for v in VARIABLES if v.group == group]
        dims = {dim for v in members for dim in v.dims}
        groups[group] = xr.Dataset(
            {
                v.name: (
                    v.dims,
                    given.pop(v.path, np.zeros([sizes[dim] for dim in v.dims], v.dtype)),
                )
                for v in members
            },
            coords={c.name: (c.dims, c.values) for c in labels if set(c.dims) <= dims},
        )
    assert not given, f"no such variables: {list(given)}"
    return xr.DataTree.from_dict(groups)


def batch_sums(frame: Frame, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return sums and cross-products by batch of values, (architecture, trajectory, ...)."""
    totals, products = [], []
    for index in range(frame.batches):
        first, count = frame.batch(index)
        part = values[:, first : first + count]
        totals.append(part.sum(axis=1))
        products.append(np.einsum("an...,bn...->ab...", part, part))
    return np.stack(totals), np.stack(products)
