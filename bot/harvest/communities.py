"""Themes nobody announced: a graph of notes that resemble each other, and the communities in it.

networkx Louvain on a 25-nearest-neighbour graph. One run is one draw of many (two runs agree by ARI .6 to .7 only), so
ten seeded runs vote, and the vote is clustered once more. Later batches start warm: old notes keep their theme.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from bot.harvest.learning import compared
from bot.harvest.neighbours import Graph, searching
from bot.harvest.vectors import Vector, dot, total, unit

RESOLUTION = 1.3
RUNS = 10
ONE = 0.7
"""Cosine of their sums from which on two groups are one."""
JOINS = 0.08
"""Cosine with the sum of a theme from which on a note that comes later may belong to it."""


def communities(graph: Graph, seed: int = 0) -> list[list[int]]:
    """Return groups of notes, largest first, from the consensus of ten seeded runs; the seed decides."""
    votes: defaultdict[tuple[int, int], int] = defaultdict(int)
    edges = [(i, j, s) for i, near in enumerate(graph) for j, s in sorted(near.items()) if i < j]
    if not edges:
        return [[i] for i in range(len(graph))]
    runs = _louvain(len(graph), edges, [seed * 1000 + run for run in range(RUNS)])
    for groups in runs:
        of = {i: k for k, group in enumerate(groups) for i in group}
        for i, j, _ in edges:
            votes[i, j] += of[i] == of[j]
    agreed = [(i, j, s * (0.05 + 0.95 * votes[i, j] / RUNS)) for i, j, s in edges]
    found = [sorted(group) for group in _louvain(len(graph), agreed, [seed * 1000])[0]]
    return sorted(found, key=lambda group: (-len(group), group))


def united(groups: Sequence[Sequence[int]], vectors: Sequence[Vector]) -> list[list[int]]:
    """Put groups together that speak of one thing: modularity splits even forty notes that all say the same."""
    sums: list[Vector] = []
    out: list[list[int]] = []
    for group in groups:
        own = unit(total(vectors[i] for i in group))
        like = next((k for k, other in enumerate(sums) if dot(own, other) >= ONE), None)
        if like is None:
            sums.append(own)
            out.append(list(group))
        else:
            out[like] = sorted([*out[like], *group])
    return out


def grow(
    graph: Graph, kept: Mapping[int, str], seed: int = 0
) -> tuple[dict[int, str], list[list[int]], list[tuple[str, str]]]:
    """Place new notes without moving an old one.

    `kept` says which theme each old note is in. Each old theme becomes one node, the new notes are nodes beside it.
    Returns the new notes that joined an old theme, the groups of new notes that form one of their own (largest first),
    and pairs of old themes that look like one (a proposal for a person; nothing is merged here).
    """
    names = sorted(set(kept.values()))
    fresh = [i for i in range(len(graph)) if i not in kept]
    theme_node = {name: k for k, name in enumerate(names)}
    place = {i: theme_node[name] for i, name in kept.items()} | {i: len(names) + k for k, i in enumerate(fresh)}
    weights: defaultdict[tuple[int, int], float] = defaultdict(float)
    for i, near in enumerate(graph):
        for j, s in sorted(near.items()):
            if i < j:
                a, b = sorted((place[i], place[j]))
                weights[a, b] += s
    edges = [(a, b, s) for (a, b), s in sorted(weights.items())]
    joined: dict[int, str] = {}
    groups: list[list[int]] = []
    merges: list[tuple[str, str]] = []
    if not edges:
        return {}, [[i] for i in fresh], []
    for group in _louvain(len(names) + len(fresh), edges, [seed * 1000])[0]:
        old = sorted(k for k in group if k < len(names))
        new = sorted(fresh[k - len(names)] for k in group if k >= len(names))
        if not old:
            groups.append(new)
        for i in new if old else ():
            pull: defaultdict[str, float] = defaultdict(float)
            for j, s in sorted(graph[i].items()):
                if j in kept and place[j] in old:
                    pull[kept[j]] += s
            joined[i] = min(pull, key=lambda name: (-pull[name], name)) if pull else names[old[0]]
        merges += [(names[old[0]], names[other]) for other in old[1:]]
    return joined, sorted(groups, key=lambda group: (-len(group), group)), merges


def joining(
    vectors: Sequence[Vector], examples: Sequence[tuple[Vector, str]], centres: Mapping[str, Vector]
) -> list[str]:
    """Return for each new note the theme it resembles, by the examples nearest to it and the sum of the theme.

    '' where it resembles none. The work grows with the new notes only: no example is held against another.
    """
    find = searching([vector for vector, _ in examples], vectors)
    names = sorted(centres)
    out = []
    for vector, row in zip(vectors, compared(vectors, [centres[name] for name in names]), strict=True):
        pull: defaultdict[str, float] = defaultdict(float)
        for j, s in find(vector, -1):
            pull[examples[j][1]] += s
        whole, top = sum(pull.values()) or 1.0, max(row, default=0.0) or 1.0
        worth = {name: pull[name] / whole + x / top for name, x in zip(names, row, strict=True)}
        best = min(worth, key=lambda name: (-worth[name], name), default="")
        out.append(best if best and max(row) >= JOINS else "")
    return out


def _louvain(size: int, edges: Sequence[tuple[int, int, float]], seeds: Sequence[int]) -> list[list[set[int]]]:
    """The groups of one run per seed."""
    import networkx  # slow to load, 23 MB: only for who has notes outside every announced theme

    graph = networkx.Graph()
    graph.add_nodes_from(range(size))
    graph.add_weighted_edges_from(edges)
    find = networkx.community.louvain_communities
    return [find(graph, weight="weight", resolution=RESOLUTION, seed=seed) for seed in seeds]
