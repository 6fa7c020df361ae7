import numpy as np
import pytest

from analysis.attribution.linking import CONTENT, CUE, SOURCE, bucket, candidates, join, runs


@pytest.mark.parametrize("offset, step", [
    (0, 16), (1, 18), (-1, 14), (3, 20), (254, 31), (255, 32), (9999, 32), (-9999, 0),
])
def test_steps_of_distance(offset, step):
    assert bucket(np.array([offset])).tolist() == [step]


def test_runs_begin_anew_with_b():
    assert runs([1, 2, 2, 1, 0, 3, 1, 2], CONTENT) == [(0, 3), (3, 4), (6, 8)]


def test_candidates_are_what_is_labelled_and_what_is_not_improbable():
    chance = np.full((6, 7), 0.01)
    chance[3, CUE], chance[4, CUE + 1] = 0.2, 0.5
    assert candidates([0, 5, 0, 0, 0, 0], chance, CUE) == [(1, 2), (3, 5)]


def read(labels, asks=(), cuts=(), none=-1.0, alone=False):
    """The statements of labels, each as certain as can be; asks: (token, token it points to). Cues that are
    `alone`, without content, are left out."""
    n = len(labels)
    chance, vectors = np.full((n, 7), 0.001), np.zeros((n, 4 * n))
    chance[range(n), labels] = 0.99
    vectors[:, n : 2 * n] = vectors[:, 3 * n :] = np.eye(n)
    for token, to in asks:
        part = 2 * n if labels[token] == CUE else 0
        vectors[token, part + to] = 5

    def pointer(k, rows, counts=1):
        return rows[:, k * n : (k + 1) * n]

    found = join(labels, chance, np.full(n, none), vectors, pointer, np.zeros((2, 33)), list(cuts))
    return [(source, cue, contents) for source, cue, contents in found if contents or alone]


O, S, C = 0, SOURCE, CUE  # one letter a token


def test_contents_go_to_the_cue_and_the_cue_to_the_source_that_they_point_to():
    labels = [S, C, 1, 2, O, S, C]
    assert read(labels, [(2, 6), (3, 6), (6, 0)]) == [((0, 1), (6, 7), [(2, 4)])]
    assert read(labels, [(2, 1), (3, 1), (1, 5)]) == [((5, 6), (1, 2), [(2, 4)])]


def test_pieces_of_one_cue_are_one_statement():
    assert read([1, S, C, 1, 2], [(0, 2), (3, 2), (4, 2)]) == [((1, 2), (2, 3), [(0, 1), (3, 5)])]


def test_each_sentence_of_a_content_chooses_its_cue():
    labels = [S, C, 1, 2, 2, O, S, C]
    asks = [(2, 1), (3, 1), (4, 7), (1, 0), (7, 6)]
    assert read(labels, asks, cuts=[4]) == [((0, 1), (1, 2), [(2, 4)]), ((6, 7), (7, 8), [(4, 5)])]
    labels = [S, C, 1, 2, 2, O, O, S, C]
    assert read(labels, asks[:2] + [(4, 1), (1, 0)], cuts=[4, 6]) == [((0, 1), (1, 2), [(2, 5)])]


def test_a_cue_of_its_own_sentence_comes_before_another_that_it_points_to():
    labels = [S, C, 1, 2, 2, O, S, C]
    found = read(labels, [(2, 1), (3, 1), (4, 1), (1, 0), (7, 6)], cuts=[4])
    assert found == [((0, 1), (1, 2), [(2, 4)]), ((6, 7), (7, 8), [(4, 5)])]


def test_a_cue_without_content_keeps_its_source():
    assert read([S, C, O, S, C, 1], [(5, 4), (4, 3), (1, 0)], [3], alone=True) == [
        ((3, 4), (4, 5), [(5, 6)]), ((0, 1), (1, 2), [])
    ]


def test_the_strongest_pointer_does_not_lead_out_of_a_sentence_with_a_cue():
    labels = [S, C, O, *[1, *[2] * 29], S, C]
    assert read(labels, [(k, 1) for k in range(3, 33)] + [(34, 33)], cuts=[3]) == [((33, 34), (34, 35), [(3, 33)])]


def test_no_cue_and_no_source():
    assert read([O, 1, 2]) == [(None, None, [(1, 3)])]
    assert read([S, C, 1], none=9.0) == [(None, (1, 2), [(2, 3)])]
    assert read([]) == []


def test_a_source_within_its_own_content_is_none():
    chance_labels = [1, 2, 2, C]
    assert read(chance_labels) == [(None, (3, 4), [(0, 3)])]
