"""Where impressions touch a topic: the sentences that name it, and in its own groups those with a kindred word."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.harvest import Note, Reading, Theme, mentioned, read, variants
from bot.harvest.words import feature, features, fold, words
from bot.impressions import PARTS, Impression
from bot.worksessions import Topic

LONGEST_EXAMPLE = 300
"""Characters. An example is a whole sentence or none."""
_ENDING = re.compile(r"(?<=\w{4})(?:en|e|s|es)$")


@dataclass(frozen=True)
class Evidence:
    """An impression that touches a topic: how many of its sentences, and one as example.

    The example is the run from `start` to `end` of the impression's part `field`; `text` is empty where every sentence
    is too long to show.
    """

    impression: str
    group: int
    sentences: int
    field: str
    start: int
    end: int
    text: str


def named(topics: Sequence[Topic], themes: Mapping[str, Theme]) -> list[Theme]:
    """The topics as the engine knows them, by their own ids. A name whose every word is also another topic's tells
    nothing: "samenwerking" does not point at one of two topics on it."""
    whole = []
    for topic in topics:
        known = themes.get(topic.theme)
        aliases = (known.name, *known.aliases) if known else ()
        whole.append(Theme(topic.id, topic.name, topic.short_name, aliases))
    held = [{one for name in variants(theme) for one in features(name)} for theme in whole]
    out = []
    for number, theme in enumerate(whole):
        others = {one for other, found in enumerate(held) if other != number for one in found}
        telling = [name for name in (theme.short_name, *theme.aliases) if not set(features(name)) <= others]
        out.append(Theme(theme.id, theme.name, "", tuple(dict.fromkeys(telling))))
    return out


def read_parts(impression: Impression) -> dict[str, Reading]:
    """The parts of an impression that say something, read."""
    notes = [Note(part, impression.text(part)) for part in PARTS if impression.text(part).strip()]
    return {reading.note.id: reading for reading in read(notes)}


Place = tuple[str, int]
"""A sentence: the part it stands in, and its number there from 0."""


def touches_of(
    impressions: Sequence[Impression],
    parts: Mapping[str, Mapping[str, Reading]],
    topics: Sequence[Theme],
    number_of: Mapping[str, int],
) -> dict[str, list[Evidence]]:
    """Return for each topic the impressions that name it, with the sentences from there to the next name."""
    found: dict[str, list[Evidence]] = {topic.id: [] for topic in topics}
    names = iter(mentioned([reading for one in impressions for reading in parts[one.id].values()], topics))
    for impression in impressions:
        about: dict[str, list[Place]] = {}
        names_it: dict[str, list[Place]] = {}
        for part in parts[impression.id]:
            for number, (said, talk) in enumerate(_talk(next(names))):
                for topic in said:
                    names_it.setdefault(topic, []).append((part, number))
                for topic in talk:
                    about.setdefault(topic, []).append((part, number))
        for topic, places in about.items():
            group = number_of[impression.group]
            found[topic].append(_evidence(impression, group, parts[impression.id], places, names_it[topic]))
    return found


def _talk(sentences: Sequence[tuple[str, ...]]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """What each sentence names, and what it is about: a name turns the talk to it until another is named."""
    about: tuple[str, ...] = ()
    for named in sentences:
        about = named or about
        yield named, about


def kin_of(topics: Sequence[Theme]) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """The telling words of each topic's names, and those of all the others."""
    own = {topic.id: {fold(w) for name in variants(topic) for w in words(name) if feature(w)} for topic in topics}
    rest = {topic: {word for other in own if other != topic for word in own[other]} for topic in own}
    return {topic: (frozenset(own[topic]), frozenset(rest[topic])) for topic in own}


def kindred(
    impressions: Sequence[Impression],
    parts: Mapping[str, Mapping[str, Reading]],
    kin: tuple[frozenset[str], frozenset[str]],
    number_of: Mapping[str, int],
) -> tuple[Evidence, ...]:
    """The sentences of a topic's own groups that hold a word akin to its names and to no other topic's."""
    own, rest = kin
    found = []
    for one in impressions:
        mine = parts[one.id]
        places = [
            (part, number)
            for part, reading in mine.items()
            for number in range(len(reading.spans))
            if any(is_kindred(w, own) and not is_kindred(w, rest) for w in words(reading.text(number)) if feature(w))
        ]
        if places:
            found.append(_evidence(one, number_of[one.group], mine, places, places))
    return tuple(found)


def is_kindred(word: str, kin: frozenset[str]) -> bool:
    """Say whether a word opens one of the names, as "ouders" opens "ouderbetrokkenheid"; its plural does not count."""
    whole = fold(word)
    near = [name for name in kin if name.startswith(whole[:4])]
    base = _ENDING.sub("", whole) if near else ""
    return len(base) >= 4 and any(name.startswith(base) for name in near)


def _evidence(
    impression: Impression, group: int, parts: Mapping[str, Reading], places: Sequence[Place], named: Sequence[Place]
) -> Evidence:
    shown = [(part, number) for part, number in named if len(parts[part].text(number)) <= LONGEST_EXAMPLE]
    part, number = (shown or named)[0]
    span = parts[part].spans[number]
    text = parts[part].text(number) if shown else ""
    return Evidence(impression.id, group, len(places), part, span.start, span.end, text)
