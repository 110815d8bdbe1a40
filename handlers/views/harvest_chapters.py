"""What an article says group by group, as its screen and its document both tell it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.article import Contribution, Coverage, Edition, Part, Sentence
from bot.impressions import Impression, QuoteUse
from bot.promises import State as PromiseState
from bot.promises import Told
from handlers.views.selection_groups import title
from handlers.words import Words


@dataclass(frozen=True)
class Source:
    """An impression to which a mark in the text points."""

    mark: int
    group: int
    name: str
    impression: Impression


@dataclass(frozen=True)
class Chapter:
    """What an article says of one group: its title, and its sentences by part, each with its mark."""

    title: str
    contribution: Contribution
    parts: Mapping[Part, Sequence[tuple[Sentence, int]]]


def sources(edition: Edition) -> dict[str, Source]:
    """Number the impressions that the article cites, in the order in which they are cited."""
    impressions = {i.id: (c.group, i) for c in edition.contributions for i in c.impressions}
    found: dict[str, Source] = {}
    for sentence in edition.article.sentences:
        cited = sentence.run.impression
        if cited not in found and cited in impressions:
            group, impression = impressions[cited]
            name = edition.names.get(impression.author, "")
            found[cited] = Source(len(found) + 1, group.number, name, impression)
    return found


def chapters(edition: Edition, words: Words, only: Iterable[str] | None = None) -> list[Chapter]:
    """Return what is said group by group; `only` keeps the groups with these ids."""
    cited = sources(edition)
    wanted = None if only is None else set(only)
    found = []
    for contribution in edition.contributions:
        group = contribution.group
        mine = [s for s in edition.article.sentences if s.group == group.id and s.run.impression in cited]
        if mine and (wanted is None or group.id in wanted):
            parts = {part: [(s, cited[s.run.impression].mark) for s in mine if s.run.part is part] for part in Part}
            found.append(Chapter(title(edition.session, group, words), contribution, parts))
    return found


def said_by(sentence: Sentence, edition: Edition) -> str:
    """Return the name of whoever said a quote, once they agreed to be named with it; else nothing."""
    if sentence.run.part is not Part.QUOTE:
        return ""
    told = {i.id: i for c in edition.contributions for i in c.impressions}.get(sentence.run.impression)
    return edition.names.get(told.quote_by, "") if told and told.quote_use is QuoteUse.NAMED else ""


def promised(sentence: Sentence, edition: Edition) -> list[Told]:
    """Return what somebody promised in this sentence and still stands for, or kept."""
    run = sentence.run
    return [told for told in edition.promises if told.stands_in(run.impression, run.field, run.text)]


def notes(sentence: Sentence, edition: Edition, words: Words) -> tuple[list[str], list[Told]]:
    """Return who does what this sentence offers, as notes beside it, and the promises that say it in other words.

    What the sentence says already is not said again. A promise that fills a whole offer stands in its own line.
    """
    beside, others = [], []
    for told in promised(sentence, edition):
        if " ".join(told.words.split()) in " ".join(sentence.run.text.split()):
            due = told.promise.due
            if told.promise.state is PromiseState.KEPT:
                beside.append(words("harvest.promise_kept", name=told.owner_name))
            elif due and told.promise.stands:
                beside.append(words("harvest.promise_due", name=told.owner_name, day=words.day(due)))
            else:
                beside.append(words("harvest.promise_taken", name=told.owner_name))
        else:
            others.append(told)
    return beside, others


def label(part: Part, number: int, words: Words) -> str:
    """Return how the readers of an article call a part; who writes one is asked for it in other words."""
    return words.count(f"harvest.part.{part}", number)


def coverage(found: Coverage, words: Words) -> str:
    """Say on how much the article rests, which groups are missing, and how much was left out."""
    parts = [
        words(
            "harvest.coverage",
            impressions=words.count("harvest.impressions", found.impressions),
            groups=words.count("selection.groups", found.groups),
            people=words.count("selection.people", found.people),
        )
    ]
    if found.missing:
        numbers = words.list(str(number) for number in found.missing)
        parts.append(words.count("harvest.missing", len(found.missing), numbers=numbers))
    if found.left_out:
        parts.append(words.count("harvest.left_out", found.left_out))
    return " ".join(parts)
