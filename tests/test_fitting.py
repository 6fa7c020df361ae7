import numpy as np
import pytest

from analysis.attribution import fitting
from analysis.attribution.features import CONTEXT, KINDS


@pytest.fixture
def case():
    """Small random weights and one batch of two pieces, in double precision."""
    rng = np.random.default_rng(0)
    rows = {"word": 9, "suffix": 5, "prefix": 5, "kind": KINDS}
    static = rng.normal(0, 1, (7, 4))
    p = fitting.fresh(rows, sum(fitting.SIZES.values()) + 4 + CONTEXT, rng, dtype="d")
    n, gap = 40, fitting.GAP
    mask = np.zeros(n + gap, bool)
    mask[:12] = mask[12 + gap : n] = True
    number = np.repeat([0, 1], [12 + gap, n - 12])
    pieces = [(0, 12), (12 + gap, n)]
    cue, source = np.full(n + gap, fitting.NO), np.full(n + gap, fitting.NO)
    cue[[2, 3]], source[5], source[12 + gap + 1] = 5, 1, fitting.NONE
    ids = np.stack([rng.integers(0, k, n + gap) for k in (9, 7, 5, 5, KINDS)], 1)
    return p, static, {"ids": ids, "context": rng.normal(0, 1, (n + gap, CONTEXT)), "mask": mask, "name": np.zeros(n + gap, bool), "number": number,
                       "pieces": pieces, "label": rng.integers(0, 7, n + gap), "cue": cue, "source": source}


@pytest.mark.parametrize("name", ["word", "kind", "in.w", "in.b", "near0.w", "conv0.w", "conv4.w", "heads.w", "offset"])
def test_gradient_is_that_of_finite_differences(case, name):
    p, static, batch = case
    weight = np.array([1, 0.25, 0.25])  # of labels, cues and sources in the loss

    def loss():
        g = fitting.Weights(p.shapes, dtype="d")
        parts = fitting.gradient(p, g, static, batch, np.random.default_rng(1), drop=0)
        return parts @ weight, g

    _, g = loss()
    at = np.unravel_index(np.abs(g[name]).argmax(), g[name].shape)
    step, kept = 1e-5, p[name][at]
    p[name][at] = kept + step
    above = loss()[0]
    p[name][at] = kept - step
    below = loss()[0]
    assert g[name][at] == pytest.approx((above - below) / (2 * step), rel=1e-4)
    assert g[name][at] != 0
