from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from forecast.estimators.groups import groups_by_draw


@given(st.integers(2, 12), st.lists(st.integers(1, 9), min_size=1, max_size=12))
def test_groups__share_no_draw(draws: int, sizes: list[int]) -> None:
    group = np.repeat(groups_by_draw(sizes, draws), sizes)
    draw = np.arange(sum(sizes)) % draws
    for one in range(draws):
        assert np.unique(group[draw == one]).size <= 1


def test_groups__are_as_many_as_can_be() -> None:
    assert groups_by_draw([4] * 6, 12).tolist() == [0, 1, 2, 0, 1, 2]
    assert groups_by_draw([4] * 6, 4).tolist() == [0] * 6
    assert groups_by_draw([4] * 3, 1).tolist() == [0, 1, 2]
