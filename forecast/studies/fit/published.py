"""Published values of the model's design that the engine no longer uses, and why others differ."""

from __future__ import annotations

PUBLISHED: dict[str, float] = {
    "onset.const": -3.44,
    "onset.land": 1.87,
    "onset.sea": 1.16,
    "onset.log_distance": -0.31,
    "onset.abs_log_ratio": -0.07,
    "onset.one_major": 0.79,
    "onset.two_majors": 1.76,
    "onset.joint_democracy": -1.45,
    "onset.defence_pact": -0.32,
    "onset.rivalry": 1.50,
    "onset.nuclear_one": -0.37,
    "onset.nuclear_both": -1.2,
    "onset.size": 0.107,
    "onset.new_dyad": 0.78,
    "onset.memory_short": 0.162,
    "onset.memory_long": 0.0247,
    "escalation.const": -1.49,
    "fatality.const": -0.74,
    "rivalry_start.const": -7.06,
    "rivalry_start.land": 2.93,
    "rivalry_start.sea": 1.44,
    "rivalry_start.parity": 0.37,
    "rivalry_start.joint_democracy": -3.46,
    "rivalry_end.const": 0.03,
    "pact_death.const": 0.0039,
}
"""By parameter; what is not listed stands in the default parameters unchanged. Rivalry end: middle
of .026 to .034; pact death: 1990-2017."""

NEW = ("onset.size_land",)
"""Parameters that the design did not have."""

REASONS: dict[str, str] = {
    "": "no reason found; the engine uses the published value.",
    "onset.sea": "the size term is free between pairs across water, where it was held to that of "
    "land neighbours before; the two move together. The engine uses ours.",
    "onset.size": "one slope stood for all pairs; with a slope of their own for land neighbours "
    "the rest doubles (docs/onset.md). The engine uses ours.",
    "aim.use_unresisted": "the share fell in the 1990s (.66 to 1989), years the published value "
    "weighs less; the engine keeps it.",
    "response.outside_ally": "the sign agrees, the size does not (-.50 to 1989); cause not found. "
    "The engine keeps the published value, which is nearer to no effect.",
    "response.concession": "the published share is that of all disputes 1946-1989, ours that of "
    "unanswered ones, as the model uses it, and the 1990s raised it (.031 to 1989, within the "
    "published .03-.05). The engine keeps the published value until the share of successful "
    "aggression is calibrated.",
    "fatality.const": "the engine does not use the published constant either: it was lowered to "
    "-1.20 because the published one gave too many fatal disputes. Ours is that value.",
    "fatality.bracket_1": "counted by dispute instead of dyadic onset the record gives .57 too; "
    "which sample the published shares rest on is not known. The engine keeps them.",
    "fatality.bracket_2": "as for bracket_1.",
    "escalation.const": "22 wars among 771 answered onsets since 1946; with the published effect "
    "of the years after 1945 (-.96, record to 2010) held, the constant must carry the rest of the "
    "fall. The record of all eras to 2000 puts that effect at -1.42 ± .26 where both originators "
    "must fight, at -1.87 ± .29 where every pair of a dispute at war counts, and at -1.99 ± .31 "
    "among onsets with use of force (stylised facts of the data pack). The engine uses -1.70 and "
    "-.96, which give .6 wars a year as observed.",
    "escalation.joint_democracy": "one war (Turkey and Cyprus, 1974) among 44 answered onsets "
    "between democracies since 1946; the estimate is within one error of zero, that of all eras "
    "within one of the published value. The engine keeps the published one.",
    "joining.major": "see joining.log_aggressor.",
    "joining.log_aggressor": "ours takes allies of either side, as the kernel does: 92 joined "
    "since 1946, 14 of them in wars, many beside small states against large ones in the Cold War. "
    "With all eras the slope is -.10 ± .08; allies of the target alone, as published, give "
    "-.15 ± .11, but only 65 of the 105 joins lie before 2001. The engine keeps the published "
    "slope.",
    "joining.democracy": "the published slope is one of composition (large democratic alliances) "
    "and is swept to +.3 by its design; ours is nil. The engine keeps the published one.",
    "joining.aggressor_side": "ours compares allies with a pact on either side alone; the "
    "published value is an adjustment so that 46 % of joiners are on the aggressor's side, which "
    "counts states without a pact as well. The engine keeps it.",
    "war": "ours counts from the first start to the last end to the day, truces between two spells "
    "of fighting included; in calendar years touched the wars since 1946 have shape 1.27 and scale "
    "2.4, so the published pair (n = 29) lies between. The engine keeps the published values, with "
    "which deaths and joining were calibrated; wars may last too long. To be settled with the "
    "calibration.",
    "pact_death": "the published value is that of 1990-2017; over 1990-2000 ours is .0019, over "
    "1946-1989 .0085 (published .0087). The engine uses .0039, for every forecast year.",
}
"""By parameter, else by group: why the estimate differs, and which value the engine uses."""
