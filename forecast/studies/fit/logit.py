"""Maximum likelihood for log odds, with errors clustered and, where asked, a shared shock.

Yes or no of row r has log odds ``offset + x·beta + shared_sd·n``, n a standard normal common to
the rows of a group; it is integrated out by Gauss-Hermite quadrature. Without a shared shock this
is the ordinary logit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, log_expit, logsumexp

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

PRIOR_SD = 2.5
"""Normal prior on every term but the constant: a term that a period says nothing about, or that
splits its outcomes without exception, stays finite. The scale is that of Gelman, Jakulin, Pittau
and Su (2008), Annals of Applied Statistics 2(4), who take a Cauchy distribution."""

NODES = 20
"""Quadrature nodes of a shared shock."""

CONST = "const"


class LogitFit(NamedTuple):
    """An estimate of log odds.

    Parameters
    ----------
    terms
        Names of the terms, (term,).
    values
        Coefficients, (term,).
    covariance
        Clustered, (term, term).
    log_likelihood
        At the estimates, without the prior.
    n, events, clusters
        Rows, rows with a yes, clusters.
    """

    terms: tuple[str, ...]
    values: Floats
    covariance: Floats
    log_likelihood: float
    n: int
    events: int
    clusters: int


class _Data(NamedTuple):
    """Rows sorted by group: terms, outcome, offset, first row of each group, nodes, weights."""

    x: Floats
    y: Floats
    offset: Floats
    starts: NDArray[np.intp]
    nodes: Floats
    log_weights: Floats
    precision: Floats


def fit_logit(
    terms: Mapping[str, Floats],
    outcome: NDArray[np.bool_],
    cluster: Integers,
    offset: Floats | None = None,
    shared_sd: float = 0.0,
    prior_sd: float = PRIOR_SD,
) -> LogitFit:
    """Estimate log odds.

    Parameters
    ----------
    terms
        Regressors by name, each (row,); ``const`` has no prior.
    outcome
        Yes or no, (row,).
    cluster
        Label of what depends on what, (row,); with a shared shock, also who shares it.
    offset
        Known part of the log odds, (row,); none if absent.
    shared_sd
        Standard deviation of the shock shared within a cluster, >= 0, held fixed.
    prior_sd
        Standard deviation of the normal prior; infinite for none.
    """
    order = np.argsort(cluster, kind="stable")
    known = np.zeros(len(order)) if offset is None else offset
    data = _data(terms, outcome[order], cluster[order], known[order], order, shared_sd, prior_sd)
    found = minimize(_objective, np.zeros(len(terms)), args=(data,), jac=True, method="BFGS")
    theta = np.asarray(found.x)
    _, index = np.unique(cluster[order], return_inverse=True)
    likelihood = float(_group_likelihood(theta, data)[0].sum())
    return LogitFit(
        tuple(terms),
        theta,
        _clustered_covariance(theta, data, index),
        likelihood,
        len(outcome),
        int(outcome.sum()),
        int(index.max()) + 1,
    )


def _data(
    terms: Mapping[str, Floats],
    y: NDArray[np.bool_],
    cluster: Integers,
    offset: Floats,
    order: NDArray[np.intp],
    shared_sd: float,
    prior_sd: float,
) -> _Data:
    x = np.column_stack([np.asarray(column, float)[order] for column in terms.values()])
    precision = np.array([0.0 if name == CONST else prior_sd**-2 for name in terms])
    if shared_sd == 0:
        return _Data(
            x, y.astype(float), offset, np.arange(len(y)), np.zeros(1), np.zeros(1), precision
        )
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    starts = np.flatnonzero(np.diff(cluster, prepend=cluster[0] - 1))
    log_weights = np.log(weights / weights.sum())
    return _Data(x, y.astype(float), offset, starts, shared_sd * nodes, log_weights, precision)


def _group_likelihood(theta: Floats, data: _Data) -> tuple[Floats, Floats]:
    """Return the log likelihood of each group, and the residual of each row, (row,)."""
    odds = (data.x @ theta + data.offset)[:, None] + data.nodes
    rows = log_expit(np.where(data.y[:, None] > 0, odds, -odds))
    by_node = np.add.reduceat(rows, data.starts, axis=0) + data.log_weights
    total = logsumexp(by_node, axis=1)
    share = np.exp(by_node - total[:, None])
    size = np.diff(data.starts, append=len(data.y))
    residual = (np.repeat(share, size, axis=0) * (data.y[:, None] - expit(odds))).sum(axis=1)
    return total, residual


def _objective(theta: Floats, data: _Data) -> tuple[float, Floats]:
    """Return the negative log posterior and its gradient."""
    total, residual = _group_likelihood(theta, data)
    pull = data.precision * theta
    return -float(total.sum() - 0.5 * pull @ theta), -(data.x.T @ residual - pull)


def _clustered_covariance(theta: Floats, data: _Data, index: NDArray[np.intp]) -> Floats:
    """Return the sandwich; the prior counts as one more independent observation of each term."""
    bread = np.linalg.inv(hessian(lambda value: _objective(value, data)[1], theta))
    scores = data.x * _group_likelihood(theta, data)[1][:, None]
    summed = np.zeros((index.max() + 1, len(theta)))
    np.add.at(summed, index, scores)
    count = len(summed)
    meat = summed.T @ summed * count / max(count - 1, 1) + np.diag(data.precision)
    return np.asarray(bread @ meat @ bread)


def hessian(gradient: Callable[[Floats], Floats], theta: Floats, step: float = 1e-4) -> Floats:
    """Return the symmetric matrix of second derivatives by central differences."""
    moves = np.eye(len(theta)) * step
    rows = [(gradient(theta + move) - gradient(theta - move)) / (2 * step) for move in moves]
    matrix = np.array(rows)
    return np.asarray((matrix + matrix.T) / 2)
