from __future__ import annotations

import pytest

from forecast.progress import Lines, progress_line, show_progress


def test_lines__are_told_every_tenth_or_few_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    now = iter([0.0, 1.0, 2.0, 9.0, 10.0])
    lines = Lines(clock=lambda: next(now))
    for done in (5, 12, 13, 100):
        lines(done, 100)
    told = capsys.readouterr().err.splitlines()
    assert [line.split(" of ")[0] for line in told] == ["12", "13", "100"]


def test_progress_line__tells_rate_and_time_left() -> None:
    told = progress_line(2500, 10_000, 5.0)
    assert told == "2,500 of 10,000 trajectories (25 %), 500 per second, 0:00:15 left"


def test_show_progress__adds_up_what_is_finished() -> None:
    told: list[tuple[int, int]] = []
    with show_progress(lambda done, total: told.append((done, total)), 5) as report:
        report(2)
        report(3)
    assert told == [(2, 5), (5, 5)]
