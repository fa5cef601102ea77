"""The statistical battery, and that it can fail; the run writes docs/verification.md (minutes)."""

from pathlib import Path

import pytest

from forecast.studies.verification.battery import REPLICATES, WRONG, rejections, run_battery
from forecast.studies.verification.page import write_page

pytestmark = pytest.mark.verify

PAGE = Path(__file__).parents[2] / "docs" / "verification.md"


def test_battery__holds_catches_a_wrong_kernel_and_writes_its_page():
    """False alarms: 1 % of seeds for the battery, and at most 2 of 10 for the right kernel."""
    judged = run_battery()
    wrong = rejections(judged, WRONG, REPLICATES)
    right = rejections(judged, 1.0, REPLICATES)
    write_page(judged, wrong, right, PAGE)
    assert [x.check for x in judged if not x.passed] == []
    assert wrong.rejected >= 9
    assert right.rejected <= 2
