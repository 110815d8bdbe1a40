"""The sentences of a draft: cut from the impressions of every group, and held against the stored words."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set

from bot.article.openers import says_little, telling
from bot.article.records import (
    ASIDES,
    ORDER,
    PART_OF,
    Article,
    Contribution,
    Edition,
    Misquoted,
    Part,
    Run,
    Sentence,
)
from bot.harvest import Note, SentenceKind, kind_of, picks, split
from bot.impressions import PARTS, Impression
from bot.programme import Member
from bot.worksessions import Topic, WorkSession

MOST_SENTENCES = 10
"""Sentences of a group's takeaways that an article prints; what is left out is counted."""
FEWEST_OF_PARAGRAPH = 2
"""Sentences of each paragraph of a note, as far as there is room."""
MOST_ASIDES = 6
"""Open questions of a group, and likewise of everything else that has its own label."""
MOST_QUOTES = 3
WHOLE = 300
"""Characters up to which a question or an offer is printed as one piece."""
HEADLINE_LENGTH = 150
LONG_NAME = 45
"""A topic with a longer name stands in the headline by its short one."""


def check(sentences: Iterable[Sentence], impressions: Mapping[str, Impression]) -> None:
    """Hold every sentence against the stored words. Raises Misquoted, so that an altered quote cannot be saved."""
    for sentence in sentences:
        run = sentence.run
        impression = impressions.get(run.impression)
        if impression is None or impression.withdrawn_at is not None or run.field not in PARTS:
            raise Misquoted(f"{sentence.id}: its impression is not there")
        stored = impression.text(run.field)
        if not 0 <= run.start < run.end <= len(stored) or stored[run.start : run.end] != run.text:
            raise Misquoted(f"{sentence.id}: these are not the stored words")
        if impression.version != run.version or impression.group != sentence.group:
            raise Misquoted(f"{sentence.id}: it belongs to another version or group")


def readers(session: WorkSession, coordinators: Sequence[Member]) -> list[Member]:
    """Return who gets the draft: every coordinator, but of a practice session only the one who practises."""
    return [member for member in coordinators if not session.is_practice or member.user == session.created_by]


def headline_topics(session: WorkSession, contributions: Sequence[Contribution]) -> list[str]:
    """Return the (at most two) topics with most voices among the groups that handed in, long names shortened."""
    voices: Counter[str] = Counter()
    for contribution in contributions:
        if contribution.impressions:
            for topic in contribution.group.topics:
                voices[topic] += len(contribution.group.people) + len(contribution.impressions)
    offered = [topic for topic in session.topics if topic.id in voices]
    best = sorted(offered, key=lambda topic: -voices[topic.id])[:2]
    return [topic.name if len(topic.name) <= LONG_NAME else topic.short_name for topic in best]


def unserved(edition: Edition) -> list[Topic]:
    """Return the topics on offer that no group took up, in the order of the offer; nothing before there are groups."""
    taken = {topic for found in edition.contributions for topic in found.group.topics}
    leads = {lead.id for topic in taken if (lead := edition.session.lead(topic)) is not None}
    if not taken:
        return []
    session = edition.session
    return [
        topic
        for topic in session.topics
        if topic.id not in taken and (lead := session.lead(topic.id)) is not None and lead.id not in leads
    ]


def compose(
    before: Article | None, contributions: Sequence[Contribution], new_id: Callable[[], str]
) -> tuple[Sentence, ...]:
    """Return the sentences of a draft, group by group.

    What the coordinator removed or moved stays so, for every impression that is as she saw it. An impression that
    is new or was changed comes in anew, behind the others of its group.
    """
    ids = {sentence.run.place: sentence.id for sentence in before.sentences} if before else {}
    sentences: list[Sentence] = []
    for contribution in contributions:
        runs: list[Run] = []
        fresh = contribution.impressions
        if before is not None and before.edited:
            same = {i.id for i in contribution.impressions if before.sources.get(i.id) == i.version}
            runs = [s.run for s in before.sentences if s.group == contribution.group.id and s.run.impression in same]
            runs = [run for run in runs if contribution.shows(run)]
            fresh = tuple(i for i in contribution.impressions if i.id not in same)
        cut_now = cut(fresh, contribution.withheld, contribution.withheld_places)
        runs = sorted([*runs, *cut_now], key=lambda run: ORDER[run.part])
        sentences += [Sentence(ids.get(run.place) or new_id(), contribution.group.id, run) for run in runs]
    return tuple(sentences)


def cut(
    impressions: Sequence[Impression],
    withheld: Set[tuple[str, str]] = frozenset(),
    withheld_places: Set[tuple[str, str, int, int]] = frozenset(),
) -> list[Run]:
    """Return the sentences of a group's impressions that are worth printing, in the order in which they were told.

    Nothing of the parts in `withheld` (impression id and part) is among them, and of a part in which single sentences
    are withheld (`withheld_places`: impression id, part, start and end) only the others.
    """
    told: list[Run] = []
    asides: dict[Part, list[Run]] = {part: [] for part in ASIDES}

    def free(run: Run) -> bool:
        return not any(
            run.place[:2] == place[:2] and run.start < place[3] and place[2] < run.end for place in withheld_places
        )

    for impression in impressions:
        shown = [name for name in PARTS if (impression.id, name) not in withheld]
        if "takeaway" in shown:
            for run in filter(free, _sentences(impression, "takeaway")):
                (told if run.part is Part.BODY else asides[run.part]).append(run)
        for name in (name for name in shown if name != "takeaway"):
            whole = _whole(impression, name)
            short = all(len(run.text) <= WHOLE and "\n" not in run.text for run in whole) and all(map(free, whole))
            runs = whole if short or name == "quote" else _sentences(impression, name)
            asides[PART_OF[name]] += filter(free, runs)
    told = [run for run, worth in zip(told, telling([run.text for run in told]), strict=True) if worth]
    if told:  # a next date has a line of its own
        asides[Part.CONCLUSION] = [run for run in asides[Part.CONCLUSION] if not says_little(run.text)]
    body = told if len(told) <= MOST_SENTENCES else _best(told, impressions)
    most = {part: MOST_QUOTES if part is Part.QUOTE else MOST_ASIDES for part in ASIDES}
    return [*body, *(run for part in ASIDES for run in asides[part][: most[part]])]


def _sentences(impression: Impression, name: str) -> list[Run]:
    text = impression.text(name)
    return [run_at(impression, name, span.start, span.end) for span in split(text)]


def _whole(impression: Impression, name: str) -> list[Run]:
    text = impression.text(name)
    if not text.strip():
        return []
    return [run_at(impression, name, len(text) - len(text.lstrip()), len(text.rstrip()))]


def run_at(impression: Impression, name: str, start: int, end: int) -> Run:
    """Return the words between two offsets of a part, with the place where an article prints them."""
    text = impression.text(name)[start:end]
    asked = name == "takeaway" and kind_of(text) is SentenceKind.QUESTION
    part = Part.QUESTION if asked else PART_OF[name]
    return Run(part, impression.id, name, start, end, text, impression.version)


def _best(told: Sequence[Run], impressions: Sequence[Impression]) -> list[Run]:
    """The sentences worth most, of every note and every paragraph some, back in the order in which they were told."""
    notes = [Note(impression.id, impression.text("takeaway")) for impression in impressions]
    ranked = picks(notes, len(told), max(2, -(-MOST_SENTENCES // len(notes))), all_groups=False)
    worth = {(sentence.note_id, sentence.start, sentence.end): n for n, sentence in enumerate(ranked)}
    ordered = sorted(told, key=lambda run: worth.get((run.impression, run.start, run.end), len(told)))
    chosen = _balanced(ordered, {one.id: one for one in impressions})
    return [run for run in told if run.place in chosen]


def _balanced(ordered: Sequence[Run], impressions: Mapping[str, Impression]) -> set[tuple[str, str, int, int]]:
    """Choose the first ones, and let each paragraph be heard: a thought of its own that is told last counts as much."""
    paragraph = {
        run.place: (run.impression, impressions[run.impression].text(run.field)[: run.start].count("\n"))
        for run in ordered
    }
    chosen = list(ordered[:MOST_SENTENCES])
    for run in ordered[MOST_SENTENCES:]:
        heard = Counter(paragraph[each.place] for each in chosen)
        if heard[paragraph[run.place]] >= FEWEST_OF_PARAGRAPH:
            continue
        spare = next((each for each in reversed(chosen) if heard[paragraph[each.place]] > FEWEST_OF_PARAGRAPH), None)
        if spare is not None:
            chosen.remove(spare)
            chosen.append(run)
    return {run.place for run in chosen}
