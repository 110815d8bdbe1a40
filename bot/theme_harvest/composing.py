"""The harvest document on one theme: which sentences, in which place, and on how much it rests. Pure, and the same
again for the same sentences in whatever order they come."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.article import Part, PublishedSentence, says_little
from bot.article.records import ORDER
from bot.harvest import Note, SentenceKind, kind_of, picks, split
from bot.harvest.duplicates import same_statement, statement_key
from bot.theme_harvest.contrasts import contrasts, figures
from bot.theme_harvest.records import Coverage, Gathered, Offer, Passage, Round, Said, ThemeHarvest

MOST_TOLD = 14
"""Sentences of what regions say; of each voice at least one has a place somewhere."""
MOST_MINORITY = 8
MOST_EXAMPLES = 8
MOST_QUOTES = 6
MOST_QUESTIONS = 12
MOST_OFFERS = 12
MOST_MATERIAL = 12
PER_VOICE = 3
TELLING = frozenset({Part.BODY, Part.EASY, Part.HARD, Part.CONCLUSION, Part.OBSTACLE})
FEWEST_WORDS = 5
"""Words of a line of a document below which it is a heading or a keyword, and says nothing by itself."""
FEWEST_ASKED = 3
_CONTACT = re.compile(r"\S@\S+\.\w|\b0\d{1,3}[ -]?\d{6,8}\b|\+\d{2}[ -]?\d{8,}")
"""How somebody can be reached is theirs to give, not an old document's."""
_EXAMPLE = re.compile(r"\b(bijvoorbeeld|zoals in|for example|for instance)\b", re.IGNORECASE)


def compose(found: Gathered) -> ThemeHarvest:
    """Return the document of everything there is about a theme."""
    published = _unique(sorted(map(_published, found.sentences), key=_newest_first))
    written = _unique(
        sorted((one for passage in found.passages for one in _written(passage)), key=_newest_first), keep=published
    )
    telling = [
        one
        for one in published
        if one.part in TELLING and one.kind is not SentenceKind.QUESTION and not says_little(one.text)
    ]
    questions = [one for one in published if _asks(one)]
    quotes = [one for one in published if one.part is Part.QUOTE][:MOST_QUOTES]
    examples = [one for one in published if one.part is Part.EXAMPLE]
    examples += [one for one in telling if _EXAMPLE.search(one.text)]
    examples = examples[:MOST_EXAMPLES]
    offers = [one for one in published if one.part is Part.OFFER or (one.id in found.promises and one not in examples)]
    elsewhere = {one.id for one in (*examples, *offers)}
    told = _worth([one for one in telling if one.id not in elsewhere], MOST_TOLD)
    heard = {one.voice for one in (*told, *examples, *quotes, *offers[:MOST_OFFERS], *questions[:MOST_QUESTIONS])}
    unheard = [one for one in telling if one.voice not in heard and one.id not in elsewhere]
    minority = list({one.voice: one for one in reversed(unheard)}.values())[::-1][:MOST_MINORITY]
    counted = [one for passage in (*found.passages, *found.others) for one in _written(passage, fewest=1)]
    own = {*(one.voice for one in published), *(passage.document for passage in found.passages)}
    differing = tuple(figure for figure in figures([*published, *counted]) if own & {one.voice for one in figure.said})
    figured = [{one.id for one in figure.said} for figure in differing]
    apart = tuple(
        one
        for one in contrasts([*published, *written])
        if one.why != "number" or not any({one.one.id, one.other.id} <= figure for figure in figured)
    )
    places = {place for figure in differing for one in figure.said for place in [(one.voice, one.line)]}
    rest = [one for one in written if not says_little(one.text) and (one.voice, one.line) not in places]
    material = _worth(rest, MOST_MATERIAL)
    resting = {sentence for claim in found.written for sentence in claim.evidence}
    made = ThemeHarvest(
        theme=found.theme,
        claims=found.written,
        carrying=tuple(one for one in map(_published, found.sentences) if one.id in resting),
        told=tuple(told),
        minority=tuple(minority),
        examples=tuple(examples),
        quotes=tuple(quotes),
        questions=tuple(questions[:MOST_QUESTIONS]),
        offers=tuple(Offer(one, tuple(found.promises.get(one.id, ()))) for one in offers[:MOST_OFFERS]),
        contrasts=apart,
        figures=differing,
        material=tuple(material),
        rounds=_rounds(found.sentences),
        coverage=Coverage(0, 0, 0, 0, 0, None, None),
        regions=found.regions,
        articles=found.articles,
    )
    return _covered(made, found, [*published, *written])


def _published(sentence: PublishedSentence) -> Said:
    year = sentence.on.year if sentence.on else None
    kind = SentenceKind.QUESTION if sentence.part is Part.QUESTION else kind_of(sentence.text)
    return Said(sentence.id, sentence.text, kind, sentence.part, sentence.group, sentence.on, year, sentence=sentence)


def _written(passage: Passage, fewest: int = FEWEST_WORDS) -> list[Said]:
    """The sentences of a passage with the line on which each begins."""
    out = []
    for number, span in enumerate(split(passage.text), start=1):
        text = passage.text[span.start : span.end]
        if passage.spans is not None and (span.start, span.end) not in passage.spans:
            continue
        asks = text.rstrip().endswith("?")
        if len(text.split()) < (min(fewest, FEWEST_ASKED) if asks else fewest) or _CONTACT.search(text):
            continue
        line = passage.first_line + passage.text.count("\n", 0, span.start)
        part = Part.QUOTE if passage.quoted else Part.BODY
        id_ = f"{passage.id}.s{number}"
        out.append(
            Said(id_, text, kind_of(text), part, passage.document, passage.on, passage.year, line, passage=passage)
        )
    return out


def _unique(said: Iterable[Said], keep: Sequence[Said] = ()) -> list[Said]:
    """Each statement once, the newest, with who else said it; what differs in a number or a "not" is another one.

    What `keep` says already is left out.
    """
    groups: list[list[Said]] = []
    by_start: dict[str, list[list[Said]]] = {}
    known: dict[str, list[Said]] = {}
    for one in keep:
        known.setdefault(statement_key(one.text), []).append(one)
    for one in said:
        if any(same_statement(one.text, other.text) for other in known.get(statement_key(one.text), ())):
            continue
        alike = by_start.setdefault(statement_key(one.text), [])
        group = next((each for each in alike if same_statement(one.text, each[0].text)), None)
        if group is None:
            group = []
            groups.append(group)
            alike.append(group)
        group.append(one)
    return [replace(group[0], also=tuple(group[1:])) for group in groups]


def _asks(one: Said) -> bool:
    return one.part is Part.QUESTION or (one.part in TELLING and one.kind is SentenceKind.QUESTION)


def _worth(said: Sequence[Said], most: int) -> list[Said]:
    """The sentences worth most, of every voice some, newest first, in the order in which they were told."""
    if len(said) <= most:
        return list(said)
    voices: dict[str, list[Said]] = {}
    for one in said:
        voices.setdefault(one.voice, []).append(one)
    notes, places = [], {}
    for number, (voice, mine) in enumerate(sorted(voices.items())):
        at, texts = 0, []
        for one in mine:
            places[f"{number:06}", at] = one
            texts.append(one.text)
            at += len(one.text) + 1
        notes.append(Note(f"{number:06}", "\n".join(texts), group=voice))
    ranked = []
    for sentence in picks(notes, most * 2, PER_VOICE):
        starts = [start for note, start in places if note == sentence.note_id and start <= sentence.start]
        one = places[sentence.note_id, max(starts)]
        if one not in ranked:
            ranked.append(one)
    chosen = {one.id for one in ranked[:most]}
    return [one for one in said if one.id in chosen]


def _rounds(sentences: Sequence[PublishedSentence]) -> tuple[Round, ...]:
    """How the theme came back from session to session, oldest first."""
    of_session: dict[str, list[PublishedSentence]] = {}
    for sentence in sentences:
        of_session.setdefault(sentence.work_session, []).append(sentence)
    rounds = [
        Round(mine[0].session_title, mine[0].on, len({one.group for one in mine}), len(mine))
        for _, mine in sorted(of_session.items())
    ]
    return tuple(sorted(rounds, key=lambda one: (one.on.isoformat() if one.on else "", one.title)))


def _covered(made: ThemeHarvest, found: Gathered, said: Sequence[Said]) -> ThemeHarvest:
    shown = {
        one.id
        for one in (
            *made.told, *made.minority, *made.examples, *made.quotes, *made.questions, *made.material,
            *(offer.said for offer in made.offers),
            *(each for contrast in made.contrasts for each in (contrast.one, contrast.other)),
            *(each for figure in made.figures for each in figure.said),
        )
    }  # fmt: skip
    used = (*made.material, *(one for figure in made.figures for one in figure.said))
    written = {one.passage.document for one in used if one.passage is not None}
    days = [one.on for one in said if one.on is not None]
    return replace(
        made,
        coverage=Coverage(
            sentences=len(found.sentences),
            groups=len({sentence.group for sentence in found.sentences}),
            sessions=len({sentence.work_session for sentence in found.sentences}),
            documents=len(written),
            left_out=sum(1 for one in said if one.id not in shown),
            first=min(days, default=None),
            last=max(days, default=None),
        ),
    )


def _newest_first(one: Said) -> tuple[int, int, str, int, str, int]:
    """What was said last comes first; of one day as it was told, group by group."""
    day = one.on.toordinal() if one.on else (one.year or 0) * 365
    if one.sentence is not None:
        sentence = one.sentence
        return -day, sentence.group_number, sentence.impression, ORDER[one.part], sentence.field, sentence.start
    return -day, 0, one.voice, one.line, "", 0
