"""Resampling: fast Poisson weights, intervals, and the correction for many tests."""

import numpy as np
import pandas as pd
import pytest

from analysis.trends import resampling
from analysis.trends.resampling import bootstrap_means, bootstrap_sums, false_discovery, interval


def test_fast_poisson_is_poisson():
    assert resampling.POISSON.mean() == pytest.approx(1, abs=1e-4)
    assert resampling.POISSON.var() == pytest.approx(1, abs=1e-3)


def test_interval_levels():
    low, high = interval(np.arange(101.0)[None, :], where=np.array([True]))
    assert (low[0], high[0]) == pytest.approx((2.5, 97.5))
    assert np.isnan(interval(np.ones((1, 9)), where=np.array([False]))).all()


def test_cells_that_share_articles_move_together():
    frame = pd.DataFrame({"article_id": ["a", "a", "b", "b"], "value": [1.0, 1.0, -1.0, -1.0]})
    sums, counts = bootstrap_sums(np.array([0, 1, 0, 1]), frame, 2, draws=70, seed=1)
    assert sums.shape == counts.shape == (2, 70)
    assert (sums[0] == sums[1]).all() and (counts[0] == counts[1]).all() and counts.std() > 0


def test_means_are_drawn_towards_no_stance_in_particular():
    frame = pd.DataFrame({"article_id": [f"a{i}" for i in range(40)], "value": [1.0, -1.0] * 20})
    means = bootstrap_means(np.zeros(40, dtype=int), frame, 1, draws=4000, seed=0)
    assert means.mean() == pytest.approx(0, abs=0.02) and np.isfinite(means).all()


def test_many_articles_in_groups_give_the_width_of_single_ones():
    count = 4 * resampling.MANY
    frame = pd.DataFrame({"article_id": np.arange(count), "value": np.resize([1.0, 0.0, -1.0, 1.0], count)})
    means = bootstrap_means(np.zeros(count, dtype=int), frame, 1, draws=1000, seed=0)
    assert means.mean() == pytest.approx(frame.value.mean(), abs=0.002)
    assert means.std() == pytest.approx(frame.value.std() / count**0.5, rel=0.1)


@pytest.mark.parametrize(
    "p, adjusted",
    [([0.01, 0.04, 0.03], [0.03, 0.04, 0.04]), ([0.5], [0.5]), ([], []), ([0.9, 0.8], [0.9, 0.9])],
)
def test_false_discovery_rate(p, adjusted):
    assert false_discovery(np.array(p)).tolist() == pytest.approx(adjusted)
