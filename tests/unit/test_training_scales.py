"""The measures of a classifier, on cases that can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from training.scales import area_under_curve, expected_error, f1

YES = np.array([True, True, False, False])


def test_f1_of_two_thirds() -> None:
    assert f1(np.array([True, False, False, False]), YES) == pytest.approx(2 / 3)
    assert f1(np.zeros(4, bool), np.zeros(4, bool)) == 0


@pytest.mark.parametrize(
    ("scores", "area"),
    [
        ([0.9, 0.8, 0.2, 0.1], 1.0),
        ([0.1, 0.2, 0.8, 0.9], 0.0),
        ([0.5, 0.5, 0.5, 0.5], 0.5),
        ([0.9, 0.3, 0.5, 0.1], 0.75),
    ],
)
def test_area_is_the_share_of_pairs_in_order(scores: list[float], area: float) -> None:
    assert area_under_curve(np.array(scores), YES) == pytest.approx(area)


def test_calibration_error_is_the_gap_to_what_came_true() -> None:
    assert expected_error(np.array([0.95, 0.95, 0.05, 0.05]), YES) == pytest.approx(0.05)
    assert expected_error(np.ones(4), YES) == pytest.approx(0.5)
