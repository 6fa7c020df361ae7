from itertools import product

import numpy as np
import pytest

from analysis.attribution import fitting, network
from analysis.attribution.network import BLOCK, best_labels, block_end, load_network, scales, viterbi


def test_best_labels_are_those_of_all_allowed_ways():
    rng = np.random.default_rng(0)

    def allowed(labels):
        return all(b % 2 or not b or a in (b, b - 1) for a, b in zip((0, *labels), labels))

    ways = [way for way in product(range(7), repeat=4) if allowed(way)]
    for _ in range(20):
        scores = rng.normal(0, 2, (4, 7))
        best = max(ways, key=lambda way: scores[range(4), way].sum())
        assert best_labels(scores) == viterbi(scores) == list(best)


@pytest.mark.parametrize("above", [0.5, 2, 6])
def test_labels_found_between_sure_tokens_are_those_of_the_whole(above, monkeypatch):
    rng, searched = np.random.default_rng(1), []
    monkeypatch.setattr(network, "viterbi", lambda part: searched.append(len(part)) or viterbi(part))
    for _ in range(20):
        scores = rng.normal(0, 1, (300, 7))
        scores[rng.random(300) < 0.3, 0] += above
        scores[rng.random(300) < 0.1, 3] += above
        assert best_labels(scores) == viterbi(scores)
    assert 0 < sum(searched) < (0.6 if above > 1 else 1) * 20 * 300


def test_rows_have_variance_one_and_their_mean_is_taken_out_by_the_weights():
    h = np.random.default_rng(0).normal(3, 5, (4, fitting.WIDTH)).astype("f")
    even = h * scales(h)
    assert even.var(1) == pytest.approx(np.ones(4), rel=1e-4)
    weights, normal = load_network().p, fitting.normed(h)[0]
    assert even @ weights["heads.w"] == pytest.approx(normal @ weights["heads.w"], abs=1e-4)
    for name in ("near0.w", "conv0.w"):
        assert weights[name][: fitting.WIDTH].mean(0) == pytest.approx(0, abs=1e-6)


def test_a_long_text_is_cut_at_a_paragraph_or_a_sentence():
    words = ["a"] * (2 * BLOCK)
    assert block_end(words, 0) == BLOCK and block_end(words[:10], 0) == 10
    words[BLOCK - 50] = "."
    assert block_end(words, 0) == BLOCK - 49
    words[BLOCK - 90] = "\n"
    assert block_end(words, 0) == BLOCK - 89


def test_marks_alone_are_not_read(monkeypatch):
    network = load_network()
    monkeypatch.setattr(network, "encode", lambda *inputs: pytest.fail("read"))
    assert network.statements("“”" * 50 + "\n(…)", []) == []
