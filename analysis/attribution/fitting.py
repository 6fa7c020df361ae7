"""The network's training in numpy: forward, backward, Adam. No framework, the same numbers every time.

Pieces of texts lie one behind the other in flat arrays [N, ...], GAP masked rows between them, so that a
convolution never reaches from one into the next. All weights are views of one vector, so that Adam, the
clipping of gradients (Pascanu et al. 2013) and the running mean (Polyak averaging) are one line each.
"""

from math import cos, pi

import numpy as np

from analysis.attribution.features import TABLES
from analysis.attribution.linking import bucket

WIDTH, NEAR, ASK = 96, 48, 64                               # numbers of a word, for its neighbours, for a pointer
DILATION = (1, 2, 4, 8, 16, 1)
UNKNOWN, UNNAMED = .1, .15                                  # shares of words and of names not known
SIZES = {"word": 64, "suffix": 24, "prefix": 16, "kind": 8}
DROP, RATE, AVERAGE, GAP = .2, 2e-3, .998, max(DILATION)
LINKS = (("cue", 0, .5), ("source", 1, 1.))                 # pointer, row of `offset`, share of rows used
NO, NONE = -2, -1                                           # pointers: nothing to learn here; no source


class Weights(dict):
    """Named views of one vector `flat`."""

    def __init__(self, shapes: dict[str, tuple], dtype="f"):
        self.shapes, self.flat = shapes, np.zeros(sum(map(np.prod, shapes.values())), dtype)
        at = 0
        for name, shape in shapes.items():
            self[name] = self.flat[at:(at := at + int(np.prod(shape)))].reshape(shape)


def fresh(rows: dict[str, int], inputs: int, rng, dtype="f") -> Weights:
    """Random weights; `rows` of each table, `inputs` = width of all tables and the context together."""
    shapes = {k: (rows[k], d) for k, d in SIZES.items()} | {"in.w": (inputs, WIDTH), "in.b": (WIDTH,)}
    for i in range(len(DILATION)):
        shapes |= {f"near{i}.w": (WIDTH, NEAR), f"conv{i}.w": (WIDTH + 2 * NEAR + 1, 2 * WIDTH)}
    heads = 8 + 4 * ASK
    p = Weights(shapes | {"heads.w": (WIDTH, heads), "heads.b": (heads,), "offset": (2, 33)}, dtype)
    for name, w in p.items():
        if name in SIZES:
            w[:] = rng.normal(0, .3, w.shape)
        elif name.endswith(".w"):
            w[:] = rng.uniform(-1, 1, w.shape) / len(w) ** .5
    p["heads.w"][:, 8:] *= ASK ** -.25                      # the pointers' 1 / sqrt(ASK)
    return p


def normed(h):
    """Rows of mean 0 and variance 1, and what they were divided by."""
    h = h - h.mean(1, keepdims=True)
    scale = 1 / np.sqrt(np.einsum("ij,ij->i", h, h) / h.shape[1] + 1e-5)[:, None]
    return h * scale, scale


def normed_back(du, u, scale):
    return (du - du.mean(1, keepdims=True) - u * (np.einsum("ij,ij->i", du, u) / u.shape[1])[:, None]) * scale


def softmax_loss(scores, gold):
    """Summed cross-entropy and its gradient, in place of the scores."""
    rows = np.arange(len(gold))
    scores -= scores.max(1, keepdims=True)
    picked = scores[rows, gold].copy()
    np.exp(scores, out=scores)
    total = scores.sum(1, keepdims=True)
    loss = float((np.log(total[:, 0]) - picked).sum())
    scores /= total
    scores[rows, gold] -= 1
    return loss, scores


def heads_loss(out, offset, batch, rng):
    """Losses of labels, cues and sources; gradients of the heads' output and of the offsets' scores."""
    d_out, d_offset, losses = np.zeros_like(out), np.zeros_like(offset), np.zeros(3)
    rows = np.flatnonzero(batch["mask"])
    losses[0], slope = softmax_loss(out[rows, :7], batch["label"][rows])
    d_out[rows, :7], losses[0] = slope / len(rows), losses[0] / len(rows)
    for name, k, share in LINKS:
        looked = (batch[name] > NO) & (rng.random(len(out)) < share)
        weight, ask, answer = .25 / max(1, looked.sum()), 8 + 2 * k * ASK, 8 + (2 * k + 1) * ASK
        for s, e in batch["pieces"]:
            at = s + np.flatnonzero(looked[s:e])
            if not len(at):
                continue
            q, a = out[at, ask:ask + ASK], out[s:e, answer:answer + ASK]
            far = bucket(np.arange(s, e) - at[:, None])
            scores = np.concatenate([out[at, 7:8] if k else np.full((len(at), 1), -1e9, out.dtype),
                                     q @ a.T + offset[k][far]], 1)
            loss, slope = softmax_loss(scores, np.maximum(batch[name][at] - s, NONE) + 1)
            losses[k + 1] += 4 * weight * loss
            slope *= weight
            d_out[at, 7] += slope[:, 0]
            d_out[at, ask:ask + ASK] += slope[:, 1:] @ a
            d_out[s:e, answer:answer + ASK] += slope[:, 1:].T @ q
            d_offset[k] += np.bincount(far.ravel(), slope[:, 1:].ravel(), 33)
    return losses, d_out, d_offset


def gradient(p: Weights, g: Weights, static: np.ndarray, batch: dict, rng, drop: float = DROP) -> np.ndarray:
    """Writes the gradients of one batch into `g`; returns the losses (labels, cues, sources)."""
    ids, mask, dtype = batch["ids"], batch["mask"][:, None], p.flat.dtype
    looked = dict(zip(TABLES, ids.T)) | (unknown(ids, batch["name"], rng) if drop else {})

    def kept(*shape):
        return (rng.random(shape, "f") >= drop).astype(dtype) / (1 - drop)

    parts = [static[looked[k]] if k == "static" else p[k][looked[k]] for k in TABLES]
    x = np.concatenate([*parts, batch["context"]], 1).astype(dtype)
    keep_in = kept(*x.shape)
    x *= keep_in
    h, layers = (x @ p["in.w"] + p["in.b"]) * mask, []
    for i, d in enumerate(DILATION):
        u, scale = normed(h)
        wide = np.zeros((len(u) + 2 * d, NEAR), dtype)
        wide[d:-d] = (u * mask) @ p[f"near{i}.w"]
        c = np.concatenate([u, wide[:-2 * d], wide[2 * d:], np.ones_like(mask, dtype)], 1)
        z = c @ p[f"conv{i}.w"]
        a, gate, keep = z[:, :WIDTH], np.maximum(z[:, WIDTH:], 0), kept(len(batch["pieces"]), WIDTH)
        keep = keep[batch["number"]] * mask
        h = h + a * gate * keep
        layers.append((u, scale, c, a, gate, keep))
    u, scale = normed(h)
    keep_out = kept(*u.shape)
    v = u * keep_out
    losses, d_out, g["offset"][:] = heads_loss(v @ p["heads.w"] + p["heads.b"], p["offset"], batch, rng)
    g["heads.w"][:], g["heads.b"][:] = v.T @ d_out, d_out.sum(0)
    dh = normed_back(d_out @ p["heads.w"].T * keep_out, u, scale)
    for i, d in reversed(list(enumerate(DILATION))):
        u, scale, c, a, gate, keep = layers[i]
        da = dh * keep
        dz = np.concatenate([da * gate, da * a * (gate > 0)], 1)
        g[f"conv{i}.w"][:] = c.T @ dz
        du, before, after = np.split((dz @ p[f"conv{i}.w"].T)[:, :-1], [WIDTH, WIDTH + NEAR], 1)
        d_near = np.zeros_like(before)
        d_near[:-d] = before[d:]
        d_near[d:] += after[:-d]
        d_near *= mask
        g[f"near{i}.w"][:] = u.T @ d_near
        dh = dh + normed_back(du + d_near @ p[f"near{i}.w"].T, u, scale)
    dh = dh * mask
    g["in.w"][:], g["in.b"][:] = x.T @ dh, dh.sum(0)
    dx, at = dh @ p["in.w"].T * keep_in, 0
    for name, part in zip(TABLES, parts):
        if name != "static":
            add_rows(g[name], looked[name], dx[:, at:at + part.shape[1]] * mask)
        at += part.shape[1]
    return losses


def unknown(ids, name, rng):
    """Rows of words with some at random unknown; of names, which are others in other news, vectors too."""
    chance = rng.random(len(ids))
    return {"word": np.where(chance < np.where(name, UNNAMED, UNKNOWN), 0, ids[:, 0]),
            "static": np.where(name & (chance < UNNAMED), 0, ids[:, 1])}


def add_rows(table, rows, values):
    """table[:] = sums of the values of each row."""
    order = np.argsort(rows, kind="stable")
    first = np.flatnonzero(np.diff(rows[order], prepend=-1))
    table[:] = 0
    table[rows[order][first]] = np.add.reduceat(values[order], first)


def fit(p: Weights, static: np.ndarray, batches, epochs: int, rng, *, report=print) -> Weights:
    """Adam with a warm start and a cosine schedule over `batches(epoch)`; returns the running mean."""
    g, mean = Weights(p.shapes), Weights(p.shapes)
    mean.flat[:] = p.flat
    m, v, step, total = np.zeros_like(p.flat), np.zeros_like(p.flat), 0, None
    for epoch in range(epochs):
        todo = list(batches(epoch))
        total, seen = total or epochs * len(todo), np.zeros(3)
        for batch in todo:
            seen += gradient(p, g, static, batch, rng)
            g.flat *= min(1, 1 / (float(np.sqrt(g.flat @ g.flat)) + 1e-6))
            step += 1
            m += .1 * (g.flat - m)
            v += .02 * (g.flat * g.flat - v)
            rate = RATE * min(1, step / 200) * (.5 + .5 * cos(pi * min(1, step / total))) + 1e-5
            p.flat -= rate * (m / (1 - .9 ** step) / (np.sqrt(v / (1 - .98 ** step)) + 1e-8) + .01 * p.flat)
            mean.flat += (1 - min(AVERAGE, step / (step + 20))) * (p.flat - mean.flat)
        report(f"epoch {epoch + 1}/{epochs}: losses {(seen / len(todo)).round(4)}")
    return mean
