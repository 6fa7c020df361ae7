"""Join cues, sources and contents into attributions."""


def runs(labels: list[str]) -> list[tuple[int, int, str]]:
    """Spans (first, last, name) of B-/I- labels."""
    found = []
    for i, label in enumerate(labels):
        if label[0] == "B" or label[0] == "I" and not (found and found[-1][1] == i and found[-1][2] == label[2:]):
            found.append([i, i + 1, label[2:]])
        elif label[0] == "I":
            found[-1][1] = i + 1
    return [tuple(run) for run in found]


def join(labels: list[str]) -> list[tuple]:
    """(source, cue, content) token spans: each source and content goes to the nearest cue on its side."""
    spans = runs(labels)
    cues = [s for s in spans if s[2] == "Q"]
    groups = {cue: {"S": [], "C": []} for cue in cues}
    for first, last, name in spans:
        if name == "Q":
            continue
        side = [c for c in cues if (c[1] <= first if name[1] == "<" else c[0] >= last)] or cues
        if side:
            groups[min(side, key=lambda c: max(c[0] - last, first - c[1]))][name[0]].append((first, last))
    return [((min(g["S"], key=lambda s: abs(s[0] - cue[0])) if g["S"] else None), cue[:2], tuple(g["C"]))
            for cue, g in groups.items() if g["C"]]
