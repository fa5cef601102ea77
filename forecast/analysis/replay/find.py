"""Finding trajectories by what the store holds of each.

An expression such as ``fragmented_coalitions.war_count > 10 and status_quo_un.war_count == 0`` is
read by Python's own parser and worked out here, over all trajectories at once. Only names of the
form ARCHITECTURE.VARIABLE, numbers, comparisons, `and`, `or`, `not`, parentheses and + - * / mean
anything; whatever else can be written is refused where it stands.
"""

from __future__ import annotations

import ast
import operator
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.analysis.stores import check_not_record
from forecast.errors import ForecastError, nearest
from forecast.kernel.events import COMPLETED

Values = NDArray[Any]
Operation = Callable[[Any, Any], Any]

LONGEST = 1000
"""Characters of an expression."""

LARGEST = 1e300

AT = "ꓸ"
"""A letter in place of the @ in names of variants, so that a name is one word to the parser."""

COMPARISONS: dict[type, Operation] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}

ARITHMETIC: dict[type, Operation] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


@dataclass(frozen=True)
class Found:
    """The trajectories for which an expression holds.

    Parameters
    ----------
    trajectories
        Their numbers, (match,), from the lowest.
    values
        What was compared, by name, (match,) each.
    of
        Trajectories that were looked at.
    abnormal
        Trajectories left out because they ended abnormally under some architecture.
    unknown
        Trajectories left out because the expression divides by nought there.
    """

    trajectories: NDArray[np.int64]
    values: dict[str, Values]
    of: int
    abnormal: int
    unknown: int

    @property
    def architectures(self) -> list[str]:
        """Architectures that the expression names, in order."""
        return list(dict.fromkeys(name.rpartition(".")[0] for name in self.values))


def find(tree: xr.DataTree, expression: str) -> Found:
    """Return the trajectories of a run for which an expression holds.

    Parameters
    ----------
    tree
        Outcomes of a run.
    expression
        A comparison of per-trajectory variables, or several joined by and, or, not.

    Raises
    ------
    ForecastError
        If the expression is none, with the place of the fault, or names what the store lacks.
    """
    check_not_record(tree)
    group = tree["trajectories"].to_dataset()
    completed = (group["exit_reason"] == COMPLETED).all("architecture").values
    there = group if completed.all() else group.isel(trajectory=completed)
    reader = _Reader(there, expression)
    holds = reader.verdict()
    holds &= ~reader.unknown
    return Found(
        trajectories=there["trajectory"].values[holds].astype(np.int64),
        values={name: values[holds] for name, values in reader.seen.items()},
        of=int(completed.sum()),
        abnormal=int((~completed).sum()),
        unknown=int(reader.unknown.sum()),
    )


@dataclass
class _Reader:
    """Works an expression out over all trajectories.

    Parameters
    ----------
    group
        Per-trajectory variables.
    text
        The expression.
    """

    group: xr.Dataset
    text: str
    seen: dict[str, Values] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.line = " ".join(self.text.split())
        self.unknown = np.zeros(self.group.sizes["trajectory"], bool)

    def verdict(self) -> NDArray[np.bool_]:
        """Return for every trajectory whether the expression holds."""
        if len(self.line) > LONGEST or AT in self.line:
            raise ForecastError(f"--find takes an expression of at most {LONGEST:,} characters")
        try:
            with warnings.catch_warnings(action="ignore"):  # of what is refused below
                tree = ast.parse(self.line.replace("@", AT), mode="eval").body
            return self.truth(tree)
        except SyntaxError as fault:
            raise self.fault((fault.offset or len(self.line) + 1) - 1, "cannot be read") from None
        except (ValueError, RecursionError, MemoryError):
            raise ForecastError("--find: the expression is nested too deep to be read") from None

    def fault(self, at: int, what: str) -> ForecastError:
        """Return the refusal of what stands at a position, pointed at."""
        return ForecastError(f"--find, character {at + 1}: {what}\n  {self.line}\n  {' ' * at}^")

    def refused(self, node: ast.expr, what: str) -> ForecastError:
        """Return the refusal of a node; the parser counts bytes."""
        before = self.line.replace("@", AT).encode()[: node.col_offset]
        return self.fault(len(before.decode()), what)

    def truth(self, node: ast.expr) -> NDArray[np.bool_]:
        """Return the value of what must be true or false."""
        match node:
            case ast.BoolOp(op=op, values=parts):
                join = np.logical_and if isinstance(op, ast.And) else np.logical_or
                return np.asarray(join.reduce([self.truth(part) for part in parts]), bool)
            case ast.UnaryOp(op=ast.Not(), operand=one):
                return ~self.truth(one)
            case ast.Compare(left=left, ops=ops, comparators=others):
                return self.compared(node, [left, *others], ops)
        raise self.refused(node, "this is neither true nor false; compare it, as in: > 0")

    def compared(
        self, node: ast.expr, sides: list[ast.expr], ops: list[ast.cmpop]
    ) -> NDArray[np.bool_]:
        """Return the truth of a comparison, or a chain of them."""
        if not any(isinstance(part, ast.Attribute) for part in ast.walk(node)):
            raise self.refused(node, "a constant says nothing of trajectories")
        values = [self.number(side) for side in sides]
        holds = np.ones(self.unknown.size, bool)
        for op, left, right in zip(ops, values, values[1:], strict=False):
            if type(op) not in COMPARISONS:
                raise self.refused(node, "compare with < <= > >= == !=")
            holds &= COMPARISONS[type(op)](left, right)
        return holds

    def number(self, node: ast.expr) -> Values:
        """Return the value of what must be a number."""
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                if abs(value) > LARGEST:
                    raise self.refused(node, "this number is too large")
                return np.asarray(value, np.float64)
            case ast.UnaryOp(op=ast.USub(), operand=one):
                return -self.number(one)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in ARITHMETIC:
                with np.errstate(all="ignore"):
                    found = ARITHMETIC[type(op)](self.number(left), self.number(right))
                self.unknown |= ~np.isfinite(found)
                return np.asarray(found)
            case ast.Attribute(value=ast.Name(id=architecture), attr=variable):
                return self.variable(architecture.replace(AT, "@"), variable)
            case ast.Name(id=name):
                raise self.refused(node, f"{name!r} alone is no variable; ARCHITECTURE.VARIABLE is")
            case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                raise self.refused(node, "this is true or false, where a number is needed")
        raise self.refused(node, "only ARCHITECTURE.VARIABLE, numbers and + - * / can stand here")

    def variable(self, architecture: str, variable: str) -> Values:
        """Return the stored values of a variable under an architecture."""
        names = [str(name) for name in self.group["architecture"].values]
        known = sorted(
            str(name)
            for name, values in self.group.data_vars.items()
            if "architecture" in values.dims and name != "exit_reason"
        )
        nearest(architecture, names, "architecture")
        nearest(variable, known, "variable of trajectories")
        name = f"{architecture}.{variable}"
        if name not in self.seen:
            self.seen[name] = self.group[variable].sel(architecture=architecture).values
        return self.seen[name].astype(np.float64)
