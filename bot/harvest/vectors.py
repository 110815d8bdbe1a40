"""Weighted features: tf-idf as plain dictionaries. A session is 10 to 60 notes; no array library starts faster.

Sums run over sorted or input order, never over sets, so the last bit of every float is the same on each run.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

Vector = dict[str, float]
"""Feature -> weight."""


def unit(vector: Mapping[str, float]) -> Vector:
    """Return the vector at length 1; an empty one stays empty."""
    length = math.sqrt(sum(x * x for x in vector.values())) or 1.0
    return {f: x / length for f, x in vector.items()}


def dot(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    """Return the inner product, which is the cosine for unit vectors."""
    if len(b) < len(a):
        a, b = b, a
    return sum(x * b[f] for f, x in a.items() if f in b)


def total(vectors: Iterable[Mapping[str, float]]) -> Vector:
    """Return the sum of vectors, in the order they come."""
    out: defaultdict[str, float] = defaultdict(float)
    for vector in vectors:
        for f, x in vector.items():
            out[f] += x
    return dict(out)


def document_frequencies(documents: Iterable[Mapping[str, int]]) -> Counter[str]:
    """Return in how many documents each feature occurs."""
    return Counter(f for document in documents for f in document)


def note_vectors(documents: Sequence[Counter[str]]) -> list[Vector]:
    """Return a unit vector per note; features of one note only, or of more than half of all, carry nothing."""
    df, n = document_frequencies(documents), len(documents)
    ceiling = max(3.0, 0.5 * n)
    idf = {f: math.log((1 + n) / (1 + d)) for f, d in df.items() if 2 <= d <= ceiling}
    return [unit({f: (1 + math.log(c)) * idf[f] for f, c in document.items() if f in idf}) for document in documents]


def sentence_vectors(documents: Sequence[Counter[str]]) -> list[Vector]:
    """Return a unit vector per sentence, where a sentence counts as a document and rare words do count."""
    df, n = document_frequencies(documents), len(documents)
    idf = {f: math.log(1 + n / d) for f, d in df.items()}
    return [unit({f: (1 + math.log(c)) * idf[f] for f, c in document.items()}) for document in documents]
