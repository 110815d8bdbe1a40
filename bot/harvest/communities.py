"""Themes nobody announced: a graph of notes that resemble each other, and the communities in it.

networkx Louvain on a 25-nearest-neighbour graph. One run is one draw of many (two runs agree by ARI .6 to .7 only), so
ten seeded runs vote, and the vote is clustered once more. Later batches start warm: old notes keep their theme.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from bot.harvest.vectors import Vector

NEIGHBOURS = 25
HEAVIEST = 60
COMMON = 400
LOW = 0.02
RESOLUTION = 1.3
RUNS = 10

Graph = list[dict[int, float]]
"""For each note its neighbours and how much it resembles them; the same both ways."""


def nearest(vectors: Sequence[Vector]) -> Graph:
    """Return the graph of each note with its 25 nearest, by cosine over the 60 heaviest features."""
    postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for i, vector in enumerate(vectors):
        for f, x in vector.items():
            postings[f].append((i, x))
    graph: Graph = [{} for _ in vectors]
    for i, vector in enumerate(vectors):
        likeness: defaultdict[int, float] = defaultdict(float)
        for f, x in sorted(vector.items(), key=lambda item: (-item[1], item[0]))[:HEAVIEST]:
            if len(postings[f]) <= COMMON:
                for j, y in postings[f]:
                    likeness[j] += x * y
        likeness.pop(i, None)
        near = sorted(((s, j) for j, s in likeness.items() if s > LOW), key=lambda pair: (-pair[0], pair[1]))
        for s, j in near[:NEIGHBOURS]:
            graph[i][j] = graph[j][i] = s
    return graph


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


def _louvain(size: int, edges: Sequence[tuple[int, int, float]], seeds: Sequence[int]) -> list[list[set[int]]]:
    """The groups of one run per seed."""
    import networkx  # slow to load, 23 MB: only for who has notes outside every announced theme

    graph = networkx.Graph()
    graph.add_nodes_from(range(size))
    graph.add_weighted_edges_from(edges)
    find = networkx.community.louvain_communities
    return [find(graph, weight="weight", resolution=RESOLUTION, seed=seed) for seed in seeds]
