"""The sources of the world dataset: citation and terms of use, by short key."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """One data source.

    Parameters
    ----------
    citation
        Full reference.
    terms
        What its authors allow, as far as stated.
    """

    citation: str
    terms: str


_COW_TERMS = "Free for scholarly use with citation; no formal licence"

SOURCES: dict[str, Source] = {
    "cow_states": Source(
        "Correlates of War Project (2017). State System Membership List, v2016.", _COW_TERMS
    ),
    "cow_majors": Source(
        "Correlates of War Project (2017). State System Membership List, v2016: Major Powers.",
        _COW_TERMS,
    ),
    "cow_wars": Source(
        "Sarkees, Meredith Reid and Frank Whelon Wayman (2010). Resort to War: 1816-2007. CQ "
        "Press. Inter-State War Data, v4.0.",
        _COW_TERMS,
    ),
    "nmc": Source(
        "Singer, J. David (1987). Reconstructing the Correlates of War Dataset on Material "
        "Capabilities of States, 1816-1985. International Interactions 14(2): 115-132. "
        "National Material Capabilities, v7.0.",
        _COW_TERMS,
    ),
    "cow_contiguity": Source(
        "Stinnett, Douglas M., Jaroslav Tir, Philip Schafer, Paul F. Diehl and Charles Gochman "
        "(2002). The Correlates of War Project Direct Contiguity Data, Version 3. Conflict "
        "Management and Peace Science 19(2): 59-67. Data v3.2.",
        _COW_TERMS,
    ),
    "cow_trade": Source(
        "Barbieri, Katherine, Omar M. G. Keshk and Brian M. Pollins (2009). Trading Data: "
        "Evaluating Our Assumptions and Coding Rules. Conflict Management and Peace Science "
        "26(5): 471-491. COW Trade, v4.0.",
        _COW_TERMS,
    ),
    "mid": Source(
        "Palmer, Glenn, Roseanne W. McManus, Vito D'Orazio, Michael R. Kenwick, Mikaela "
        "Karstens, Chase Bloch, Nick Dietrich, Kayla Kahn, Kellan Ritter and Michael J. Soules "
        "(2022). The MID5 Dataset, 2011-2014: Procedures, Coding Rules, and Description. "
        "Conflict Management and Peace Science 39(4): 470-482.",
        _COW_TERMS,
    ),
    "ucdp_prio": Source(
        "Gleditsch, Nils Petter, Peter Wallensteen, Mikael Eriksson, Margareta Sollenberg and "
        "Havard Strand (2002). Armed Conflict 1946-2001: A New Dataset. Journal of Peace "
        "Research 39(5): 615-637. Davies, Shawn, Therese Pettersson, Margareta Sollenberg and "
        "Magnus Oberg (2025). Journal of Peace Research. UCDP/PRIO Armed Conflict Dataset, "
        "v25.1.",
        "CC BY 4.0",
    ),
    "atop": Source(
        "Leeds, Brett Ashley, Jeffrey M. Ritter, Sara McLaughlin Mitchell and Andrew G. Long "
        "(2002). Alliance Treaty Obligations and Provisions, 1815-1944. International "
        "Interactions 28(3): 237-260. ATOP, v5.1.",
        "Free for research with citation; no formal licence",
    ),
    "rivalries": Source(
        "Thompson, William R., Kentaro Sakuwa and Prashant Hosur Suhas (2021). Analyzing "
        "Strategic Rivalries in World Politics: Types of Rivalry, Regional Variation, and "
        "Escalation/De-escalation. Springer.",
        "Free with citation; no formal licence",
    ),
    "sipri": Source(
        "Stockholm International Peace Research Institute (2024). SIPRI Military Expenditure "
        "Database, 2024 release.",
        "Non-commercial use with credit; only limited excerpts may be passed on",
    ),
    "fariss": Source(
        "Fariss, Christopher J., Therese Anders, Jonathan N. Markowitz and Miriam Barnum "
        "(2022). New Estimates of Over 500 Years of Historic GDP and Population Data. Journal "
        "of Conflict Resolution 66(3): 553-591.",
        "Free with citation; obtained through a GPL-2 package",
    ),
    "wdi": Source("World Bank (2025). World Development Indicators.", "CC BY 4.0"),
    "vdem": Source(
        "Coppedge, Michael, et al. (2026). V-Dem Country-Year Dataset v16. Varieties of "
        "Democracy Project.",
        "CC BY-SA 4.0",
    ),
    "uds": Source(
        "Marquez, Xavier (2016). A Quick Method for Extending the Unified Democracy Scores. "
        "SSRN working paper, with the 2020 update.",
        "Free with citation; no formal licence",
    ),
    "polity": Source(
        "Marshall, Monty G., Ted Robert Gurr and Keith Jaggers (2019). Polity IV Project: "
        "Political Regime Characteristics and Transitions, 1800-2018. Center for Systemic Peace.",
        "Free for non-commercial use with citation",
    ),
    "ideal_points": Source(
        "Bailey, Michael A., Anton Strezhnev and Erik Voeten (2017). Estimating Dynamic State "
        "Preferences from United Nations Voting Data. Journal of Conflict Resolution 61(2): "
        "430-456. Release of July 2025.",
        "Public; terms not stated",
    ),
    "nuclear": Source(
        "Bleek, Philipp C. (2017). When Did (and Didn't) States Proliferate? Belfer Center, "
        "Harvard Kennedy School; with Nuclear Threat Initiative (2022), compiled by Our World "
        "in Data.",
        "CC BY 4.0 (Our World in Data)",
    ),
    "capitals": Source(
        "Miller, Steven V. (2022). peacesciencer: An R Package for Quantitative Peace Science "
        "Research. Conflict Management and Peace Science 39(6): 755-779.",
        "Package under GPL-2",
    ),
    "gleditsch_ward": Source(
        "Gleditsch, Kristian S. and Michael D. Ward (1999). A Revised List of Independent "
        "States since the Congress of Vienna. International Interactions 25(4): 393-413.",
        "Free with citation; no formal licence",
    ),
    "country_codes": Source(
        "Arel-Bundock, Vincent, Nils Enevoldsen and C. J. Yetman (2018). countrycode: An R "
        "package to convert country names and country codes. Journal of Open Source Software "
        "3(28): 848. Codes of states that are no more: ISO 3166-3, or this project's own.",
        "Package under GPL-3",
    ),
    "memberships": Source(
        "Membership of security institutions and pacts by spell, coded for this project from "
        "treaty texts and membership lists. One coder, no reliability test.",
        "Own coding; facts only",
    ),
    "initial_conditions": Source(
        "Initial conditions at 1 January 2026: states, dispute memory, pacts and wars, "
        "coded for this project from treaty texts, membership lists and the public "
        "record. One coder, no reliability test.",
        "Own coding; facts only",
    ),
    "assumption": Source("An assumption of this project, stated with the variable.", "None"),
}


def cite(*keys: str) -> str:
    """Return source keys as an attribute text.

    Raises
    ------
    KeyError
        If a key has no entry in `SOURCES`.

    Examples
    --------
    >>> cite("nmc", "sipri")
    'nmc, sipri'
    """
    for key in keys:
        SOURCES[key]
    return ", ".join(keys)
