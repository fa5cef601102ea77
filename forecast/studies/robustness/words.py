"""What a robustness study says, in sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import SupportsFloat

import xarray as xr

from forecast.analysis.table import shown
from forecast.estimators.catalogue import Measure
from forecast.estimators.moments import NORMAL_QUANTILE
from forecast.studies.robustness.ranked import Influence, Loss, Turn
from forecast.studies.robustness.study import NOISY, ByDraws

PLACED = 3
"""Architectures named beside the leader: those best in the largest shares."""

NAMED = 0.005
"""Below this share of draws an architecture that wins is not named."""

LIMITS = """\
- An answer is conditional: if these bodies could act as described and the assumptions have the
  priors of [parameters.md](parameters.md). It does not say which of these worlds arrives.
- Nothing identifies why great powers have not fought since 1945; how much of it institutions
  carry (`escalation.attribution`) is an assumption, and much of what anarchy and the strengthened
  UN differ by rests on it.
- The strengthened UN and the middle-power coalition have no historical instance. That its promise
  of restraint is kept, and how credible a new body is, are assumptions; the shares above run over
  their priors, not over the world.
- What alliances do is observational: treaties, threats and reliability are chosen together.
- Disputes and wars between states alone: no cyber, grey-zone, proxy or civil war. Leaders,
  doctrine, technology and collapse from within lie outside the sampled histories; rates of
  nuclear use are bounds, not estimates.
- Deaths are dominated by wars seen two or three times; read shares and exceedance, not means.
- Memory mixes contagion with lasting differences between pairs, so early calm may pay too large a
  dividend.
- Fewer modelled deaths do not make an architecture legitimate, just or wanted; none of this is an
  endorsement."""
"""What such an answer cannot claim (docs/model.md, limits)."""


def answer(study: ByDraws, outcomes: Sequence[Measure]) -> list[str]:
    """Return what the study says of every outcome, a sentence or a few each."""
    return [_of_outcome(study, measure) for measure in outcomes]


def _of_outcome(study: ByDraws, measure: Measure) -> str:
    own = study.choices.sel(outcome=measure.name)
    leader = str(own["leader"].values)
    best = own.sel(architecture=leader)
    clearly, possibly = percent(best["clearly"]), percent(best["possibly"])
    told = [
        f"**{measure.title}**: {leader} is lowest in {share(best['best'], best['best_error'])} of "
        f"the draws (clearly in {clearly}, possibly in {possibly}){_others(own, leader)}",
        _cost(own, measure, leader, str(study.choices.attrs["reference"])),
        _turned([t for t in study.turns if (t.outcome, t.first) == (measure.name, leader)]),
        _lost([loss for loss in study.losses if loss.outcome == measure.name]),
        _rests([i for i in study.influences if i.outcome == measure.name]),
    ]
    if float(own["noise_share"]) > NOISY:
        told.append(
            "Against its nearest rivals most of what differs between draws is noise of simulation, "
            "so that the shares lean on the normal law; the bounds do not"
        )
    return ". ".join(part for part in told if part) + "."


def _others(own: xr.Dataset, leader: str) -> str:
    others = own.drop_sel(architecture=leader).sortby("best", ascending=False)
    named = [
        f"{name} in {share(best, error)}"
        for name, best, error in zip(
            others["architecture"].values,
            others["best"].values,
            others["best_error"].values,
            strict=True,
        )
        if best >= NAMED
    ][:PLACED]
    return f"; {', '.join(named)}" if named else ""


def _cost(own: xr.Dataset, measure: Measure, leader: str, reference: str) -> str:
    """Return what choosing the leader, and the reference, costs where another is lowest."""
    one, other = (_regret(own.sel(architecture=name)) for name in (leader, reference))
    told = f"Choosing {leader} costs {one} ({measure.units}) against the lowest of each draw"
    return told if leader == reference else f"{told}, {reference} {other}"


def _regret(cell: xr.Dataset) -> str:
    mean, error = float(cell["regret"]), float(cell["regret_error"])
    most = shown(float(cell["regret_most"]), 4 * error)
    high = shown(float(cell["regret_p90"]), 4 * float(cell["regret_p90_error"]) or 4 * error)
    return f"{shown(mean, 4 * error)} on average, {high} at the 90th percentile, {most} at most"


def _turned(turns: list[Turn]) -> str:
    if not turns:
        return "No assumption alone surely turns that over, all others at their median"
    return "It turns over where " + "; ".join(map(turn, turns))


def _lost(losses: list[Loss]) -> str:
    """Return where the leader is lost more often than elsewhere."""
    if not losses:
        return ""
    return "It is lost most often where " + ", and where ".join(
        f"`{loss.quantity}` is in its {loss.side} fifth{_end(loss)}: in {percent(loss.lost)} of "
        f"those draws, {percent(loss.lost_overall)} of all"
        for loss in losses
    )


def _end(loss: Loss) -> str:
    if not math.isfinite(loss.value):
        return ""
    side = "above" if loss.side == "highest" else "below"
    return f" ({side} {loss.value:.2g})"


def turn(found: Turn) -> str:
    """Return where the architecture that is lower on average falls behind."""
    side = "below" if found.low > 0 else "above"
    if found.value_lower == found.value_upper:  # one reading of the evidence among a few
        return f"`{found.quantity}` is {side} {found.value:.2g}: then {found.second} is lower"
    if math.isfinite(found.value):
        width = abs(found.value_upper - found.value_lower)
        numbers = [
            shown(v, width) for v in (found.value, *sorted((found.value_lower, found.value_upper)))
        ]
    else:
        numbers = [
            f"percentile {100 * v:.0f}"
            for v in (found.percentile, found.percentile_lower, found.percentile_upper)
        ]
    where = f"{numbers[0]} ({numbers[1]} to {numbers[2]})"
    return f"`{found.quantity}` is {side} {where}: then {found.second} is lower"


def _rests(found: list[Influence]) -> str:
    if not found:
        return "No single assumption explains more of how the difference varies than chance would"
    first = [i for i in found if i.tier == 1]
    named = ", ".join(f"`{i.quantity}` ({interval(i)})" for i in first)
    versus = f"{first[0].leader} and {first[0].rival}"
    return f"How far {versus} lie apart depends most on {named}"


def interval(found: Influence) -> str:
    """Return an index with its interval in percent."""
    low, high = max(found.lower, 0.0), min(found.upper, 1.0)
    return f"{100 * found.share:.0f} %, {100 * low:.0f} to {100 * high:.0f}"


def share(value: SupportsFloat, error: SupportsFloat) -> str:
    """Return a share of draws in percent with the half width of its 95 % interval."""
    half = 100 * NORMAL_QUANTILE * float(error)
    return f"{percent(value)} ± {half:.0f}"


def percent(value: SupportsFloat) -> str:
    """Return a share in percent."""
    return f"{100 * float(value):.0f} %"
