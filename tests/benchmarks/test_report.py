"""The record of the figures and the table."""

import json

from benchmarks import page, report
from benchmarks.figures import Figure
from benchmarks.timing import ratio, side_by_side, spread

REQUIRED = (
    "draw_floor_ratio",
    "w3_vs_numba",
    "w3_vs_best_peer",
    "numpy_twin_ratio",
    "w4_seconds_ratio",
    "real_contrast_seconds_ratio",
    "million_minutes",
    "threads_2_vs_1",
    "overhead_share",
    "help_ratio",
    "cold_seconds",
    "warm_seconds",
    "peak_mib_1e5",
    "peak_mib_1e6",
)


def test_results__hold_every_promised_figure_with_its_spread():
    record = json.loads(report.RESULTS.read_text())
    assert {"date", "machine", "versions"} <= set(record)
    assert set(REQUIRED) <= set(record["figures"])
    for key in REQUIRED:
        figure = record["figures"][key]
        assert figure["low"] <= figure["median"] <= figure["high"], key


def test_page__shows_the_record():
    assert page.table(json.loads(report.RESULTS.read_text())) in page.PAGE.read_text()


def test_record__replaces_the_figures_measured_and_keeps_the_others():
    old = {"figures": {"help_ratio": {"median": 3.0}, "warm_seconds": {"median": 2.0}}}
    new = report.update(old, [Figure("help_ratio", "help", "×", 9.876543, 9.0, 10.0)])
    assert new["figures"]["help_ratio"]["median"] == 9.8765
    assert new["figures"]["warm_seconds"] == {"median": 2.0}
    assert new["machine"]["cores"] >= 1
    assert "numba" in new["versions"]


def test_table__says_which_targets_hold(capsys):
    lines = [
        Figure("help_ratio", "help against bare", "×", 21.0, 20.0, 22.0, "slow"),
        Figure("warm_seconds", "warm start", "s", 2.5, 2.0, 3.5),
        Figure("block_ns", "a block", "ns", 12_345.6, 1.0, 20_000.0),
    ]
    report.show(report.update({}, lines), [line.key for line in lines])
    shown = {row.split("  ")[1]: row for row in capsys.readouterr().out.splitlines() if "  " in row}
    assert "≤ 20" in shown["help against bare"]
    assert "NO" in shown["help against bare"]
    assert "yes" in shown["warm start"]
    assert "12,346" in shown["a block"]


def test_side_by_side__takes_turns_after_a_warm_up():
    turns = []
    contestants = {"a": lambda: turns.append("a"), "b": lambda: turns.append("b")}
    seconds = side_by_side(contestants, rounds=2)
    assert "".join(turns) == "ababab"
    assert [len(x) for x in seconds.values()] == [2, 2]


def test_ratio__is_taken_round_by_round():
    assert ratio([2.0, 6.0, 4.0], [1.0, 2.0, 4.0]) == spread([2.0, 3.0, 1.0]) == (2.0, 1.0, 3.0)
