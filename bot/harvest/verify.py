"""What may be published: every claim has evidence that exists, every word of a quote stands in the note it names.

Deterministic, and the same for the embedded engine and a language model. A problem is a reason not to publish. Lexical
support was measured on pairs of claims and evidence that do and do not belong together: AUC .91 to .99.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bot.harvest.duplicates import negations
from bot.harvest.negation import turned_round
from bot.harvest.records import Claim, Digest, Note, NoteId, Problem, Section, Sentence, SentenceId
from bot.harvest.sentences import Span, split
from bot.harvest.words import feature, fold, folded, words

SUPPORT = 0.5
"""Share of a claim's content words (first five letters) that its evidence must hold."""
CLAIM_WORDS = 40
"""Longest claim a model may write; a whole sentence that somebody wrote may be longer."""
QUOTES = 3
"""Quotes per section."""
SHARE = 0.4
"""Most of a digest's evidence that may come from one note."""
BALANCED_FROM = 5
"""Notes from which on that share can be asked."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<=[^\W_]\s)[A-ZÀ-Þ][\w-]+|\b[A-Z]{2,}\b")
_BROAD = re.compile(
    r"\b(veel|alle|de meeste|meeste)\s+(groepen|regio|regios|deelnemers)\b"
    r"|\b(iedereen|meestal|everybody|everyone|usually)\b"
    r"|\b(many|all|most)\s+(groups|regions|participants)\b"
)


def verify(digest: Digest, notes: Sequence[Note]) -> list[Problem]:
    """Return what is wrong with a digest against the stored notes; an empty list means it may be shown.

    Checks that ids exist and notes are unchanged, quotes are whole sentences (a word less may be the "niet"), claims
    are supported (words, numbers, names, negation, breadth), themes are living, every note is used or listed, and no
    note takes the floor.
    """
    by_id = {note.id: note for note in notes}
    problems = [p for s in digest.sentences.values() for p in _sentence(s, by_id)]
    for section in digest.sections:
        problems += _section(section, digest, by_id)
    return problems + _coverage(digest, notes) + _balance(digest)


def _sentence(sentence: Sentence, notes: Mapping[NoteId, Note]) -> list[Problem]:
    note = notes.get(sentence.note_id)
    if note is None:
        return [Problem("ids", sentence.id, "the note does not exist")]
    head, _, number = sentence.id.rpartition(".s")
    if head != sentence.note_id or not re.fullmatch(r"[1-9][0-9]*", number):
        return [Problem("ids", sentence.id, "the id is not a sentence of its note")]
    cut = note.text[sentence.start : sentence.end]
    if not cut.strip() or not 0 <= sentence.start < sentence.end <= len(note.text) or cut != sentence.text:
        return [Problem("quotes", sentence.id, "the words are not what the note says there")]
    spans = split(note.text, note.language)
    if int(number) > len(spans) or spans[int(number) - 1] != Span(sentence.start, sentence.end):
        return [Problem("quotes", sentence.id, "the cut is not that sentence: more, less or another one")]
    return []


def _section(section: Section, digest: Digest, notes: Mapping[NoteId, Note]) -> list[Problem]:
    where = section.name
    theme = digest.themes.get(section.theme_id)
    problems = []
    if theme is None or theme.status == "merged" or theme.merged_into is not None:
        problems.append(Problem("themes", where, "the theme does not exist or was merged"))
    problems += [Problem("ids", where, f"note {i} does not exist") for i in section.notes if i not in notes]
    listed = [*section.quotes, *section.open_questions, *section.offers]
    problems += [
        Problem("ids", where, f"sentence {i} is not in the digest") for i in listed if i not in digest.sentences
    ]
    if len(section.quotes) > QUOTES:
        problems.append(Problem("quotes", where, f"{len(section.quotes)} quotes, at most {QUOTES}"))
    aliases = f"{theme.name} {theme.short_name} {' '.join(theme.aliases)}" if theme else ""
    for claim in section.claims:
        problems += _claim(claim, section, digest, notes, aliases)
    return problems


def _claim(claim: Claim, section: Section, digest: Digest, notes: Mapping[NoteId, Note], aliases: str) -> list[Problem]:
    where = f"{section.name}: {claim.text[:60]}"
    if not claim.evidence:
        return [Problem("evidence", where, "no evidence")]
    if missing := [i for i in claim.evidence if i not in digest.sentences]:
        return [Problem("ids", where, f"unknown evidence {', '.join(missing)}")]
    if claim.theme_id != section.theme_id:
        return [Problem("themes", where, f"the claim is about theme {claim.theme_id}")]
    cited = [digest.sentences[i] for i in claim.evidence]
    if any(claim.text == sentence.text for sentence in cited):
        return []  # cut out as a whole: it says what its evidence says
    said = " ".join(sentence.text for sentence in cited)
    groups = {notes[s.note_id].group or s.note_id for s in cited if s.note_id in notes}
    return [Problem(rule, where, found) for rule, found in unsupported(claim.text, said, aliases, len(groups))]


def unsupported(text: str, said: str, aliases: str, groups: int) -> Iterable[tuple[str, str]]:
    """Yield what a written claim says that its evidence (`said`, of so many groups) does not: the rule, and what."""
    if len(words(text)) > CLAIM_WORDS:
        yield "length", f"more than {CLAIM_WORDS} words"
    if (share := support(text, said)) < SUPPORT:
        yield "support", f"{share:.0%} of its words are in the evidence"
    numbers = sorted(set(_NUMBER.findall(text)) - set(_NUMBER.findall(f"{said} {aliases}")))
    if numbers:
        yield "numbers", ", ".join(numbers)
    have = set(folded(f"{said} {aliases}").split())
    if names := sorted({name for name in _NAME.findall(text) if not set(folded(name).split()) <= have}):
        yield "names", ", ".join(names)
    if bool(negations(text)) != bool(negations(said)):
        yield "negation", "claim and evidence disagree on 'not'"
    if turned := turned_round(text, said):
        yield "opposite", ", ".join(turned)
    if _BROAD.search(folded(text).replace("regio s", "regios")) and groups < 3:
        yield "breadth", f"a broad word with {groups} group(s) behind it"


def support(claim: str, evidence: str) -> float:
    """Return the share of the claim's content words that occur in the evidence (first five letters), 0 to 1."""
    have = {fold(word)[:5] for word in words(evidence)}
    own = [fold(word) for word in words(claim) if feature(word)]
    return sum(word[:5] in have for word in own) / len(own) if own else 1.0


def _coverage(digest: Digest, notes: Sequence[Note]) -> list[Problem]:
    """Every note is used or listed as unused; in a session article every group with words is heard."""
    used = {i for section in digest.sections for i in section.notes}
    listed = used | set(digest.unused)
    problems = [Problem("coverage", note.id, "neither used nor listed") for note in notes if note.id not in listed]
    problems += [Problem("coverage", i, "both used and listed as unused") for i in digest.unused if i in used]
    if digest.kind == "session":
        cited = evidence_of(digest, asides=True)
        heard = {note.group for note in notes if cited[note.id]}
        silent = {note.group: None for note in notes if note.group and note.id in used and note.group not in heard}
        problems += [Problem("coverage", group, "the group is not heard") for group in silent]
    return problems


def evidence_of(digest: Digest, asides: bool = False) -> Counter[NoteId]:
    """Return how many sentences each note gives to claims and quotes (and to questions and offers, with `asides`)."""
    cited: dict[SentenceId, None] = {}
    for section in digest.sections:
        cited |= dict.fromkeys(i for claim in section.claims for i in claim.evidence)
        cited |= dict.fromkeys(section.quotes)
        if asides:
            cited |= dict.fromkeys([*section.open_questions, *section.offers])
    return Counter(digest.sentences[i].note_id for i in cited if i in digest.sentences)


def _balance(digest: Digest) -> list[Problem]:
    notes = evidence_of(digest)
    whole = sum(notes.values())
    if len(notes) < BALANCED_FROM:
        return []
    return [
        Problem("balance", note, f"{count} of {whole} cited sentences are from this note")
        for note, count in sorted(notes.items())
        if count > SHARE * whole
    ]
