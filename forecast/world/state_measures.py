"""Measured variables of single states: capability, economy, spending, regime, ideal point."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.errors import ForecastError
from forecast.world.capability import map_onto_cinc, shares
from forecast.world.labels import flags, imputed_flag, labelled
from forecast.world.readers.table import Table
from forecast.world.sources import cite

Floats = NDArray[np.float64]
Variables = dict[str, xr.Variable]


def measured_variables(states: Table) -> Variables:
    """Return the measured state variables, with flags where values were filled by rule.

    Parameters
    ----------
    states
        State table at the origin, sorted by COW code.

    Raises
    ------
    ForecastError
        If an ideal point is blank and no similar state has one.
    """
    return {
        **_capabilities(states),
        **_economy(states),
        **_military_spending(states),
        **_regime(states),
        **_ideal_point(states),
    }


def _capabilities(states: Table) -> Variables:
    share = shares(states["capability_share"])
    cinc = shares(states["cinc_2022"])
    sources = cite("sipri", "nmc", "fariss", "wdi")
    year = int(states["population_year"].max())
    capability_share = labelled(
        "state",
        share,
        long_name="composite capability share",
        units="1",
        source=sources,
        year=year,
        formula="(K/sum K)^.5 (GDP/sum)^.3 (population/sum)^.2, rescaled to sum 1; K is military "
        "spending of 2012-2023 accumulated at 8 % depreciation; the weights are an assumption",
        missing_rule="where no military spending is published, K is inferred from personnel or "
        "set to a small floor",
    )
    inferred = np.array([text.startswith(("imputed", "no ")) for text in _bases(states)])
    return {
        "capability_share": capability_share,
        **imputed_flag("capability_share", capability_share, inferred),
        "cinc_share": labelled(
            "state",
            cinc,
            long_name="Composite Index of National Capability, rescaled to sum 1",
            units="1",
            source=cite("nmc"),
            year=2022,
        ),
        "capability": labelled(
            "state",
            map_onto_cinc(share, cinc, states["cow_code"]),
            long_name="capability: composite share mapped by rank onto CINC",
            units="1",
            source=sources,
            year=year,
            comment="the state of rank r in capability_share has the r-th largest cinc_share; "
            "equal shares rank by COW code (assumption)",
        ),
    }


def _bases(states: Table) -> list[str]:
    return [str(text) for text in states["military_stock_basis"]]


def _economy(states: Table) -> Variables:
    population = labelled(
        "state",
        states["population"],
        long_name="population",
        units="persons",
        source=cite("wdi", "nmc"),
        year=int(states["population_year"].max()),
        missing_rule="where the World Bank gives none, NMC 2022",
    )
    return {
        "gdp": labelled(
            "state",
            states["gdp_ppp_musd2017"],
            long_name="gross domestic product at purchasing power parity",
            units="million 2017 international dollars",
            source=cite("fariss"),
            year=int(states["gdp_ppp_year"].max()),
        ),
        "population": population,
        **imputed_flag("population", population, states["population_source"] != "WDI"),
    }


def _military_spending(states: Table) -> Variables:
    spending, stock = states["milex_const2022_musd"], states["military_stock_musd2022"]
    missing = np.isnan(spending)
    both = ~missing & (stock > 0)
    typical = float(np.median(spending[both] / stock[both]))
    filled = np.where(missing, typical * stock, spending)
    variable = labelled(
        "state",
        shares(filled),
        long_name="share of the world's military spending",
        units="1",
        source=cite("sipri", "nmc"),
        year=int(np.nanmax(states["milex_year"])),
        comment="newest year of each state, constant 2022 US dollars at market rates",
        missing_rule="median ratio of yearly spending to accumulated spending over the states "
        "that have both, times the state's own accumulated spending (assumption)",
    )
    return {
        "military_spending_share": variable,
        **imputed_flag("military_spending_share", variable, missing),
    }


def _regime(states: Table) -> Variables:
    inferred = np.array([not str(t).startswith("V-Dem") for t in states["democracy_source"]])
    year = int(states["democracy_year"].max())
    democracy = labelled(
        "state",
        states["democracy"],
        long_name="electoral democracy (polyarchy)",
        units="1",
        source=cite("vdem", "uds"),
        year=year,
        missing_rule="micro-states outside V-Dem: logit fit of polyarchy on the extended Unified "
        "Democracy Scores",
    )
    return {
        "democracy": democracy,
        **imputed_flag("democracy", democracy, inferred),
        "democracy_binary": labelled(
            "state",
            states["democracy_binary"].astype(np.int8),
            long_name="democracy: polyarchy at least .5",
            units="1",
            source=cite("vdem", "uds"),
            year=year,
            **flags(("not_democratic", "democratic")),
        ),
    }


def _ideal_point(states: Table) -> Variables:
    missing = np.isnan(states["ideal_point"])
    variable = labelled(
        "state",
        _filled_ideal_points(states),
        long_name="ideal point in the UN General Assembly, all votes",
        units="1",
        source=cite("ideal_points"),
        year=int(np.nanmax(states["ideal_point_year"])),
        comment="higher is nearer to the order led by the United States",
        missing_rule="states without a seat (Taiwan, Kosovo): mean over the states of the same "
        "region and regime type (democracy_binary), weighted by capability_share (assumption)",
    )
    return {"ideal_point": variable, **imputed_flag("ideal_point", variable, missing)}


def _filled_ideal_points(states: Table) -> Floats:
    points = states["ideal_point"].copy()
    known = ~np.isnan(states["ideal_point"])
    for i in np.flatnonzero(~known):
        alike = (
            known
            & (states["region"] == states["region"][i])
            & (states["democracy_binary"] == states["democracy_binary"][i])
        )
        if not alike.any():
            raise ForecastError(
                f"{states.path}: column ideal_point, row {states.rows[i]}: blank, and no other "
                "state of its region and regime type has one to fill it from"
            )
        points[i] = np.average(points[alike], weights=states["capability_share"][alike])
    return points
