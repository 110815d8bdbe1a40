"""What is remembered of a theme, one tap away from the topics on offer; and what became of those topics."""

from collections.abc import Mapping, Sequence
from datetime import date

from slack_sdk.models.blocks import Block, StaticSelectElement
from slack_sdk.models.views import View

from bot.themes import (
    LONGEST_QUESTION,
    MOST_DOCUMENTS,
    MOST_PEOPLE,
    MOST_QUESTIONS,
    MOST_SESSIONS,
    Before,
    Drift,
    DriftReport,
    EarlierMaterial,
    EarlierSession,
    Evidence,
    Knower,
    OpenQuestion,
    TopicDrift,
    shortlist,
)
from bot.worksessions import Topic, WorkSession
from handlers.views.frame import context, cut, escaped, form, header, option, person, plain, section
from handlers.views.impressions import SIGNS
from handlers.views.pages import paragraphs
from handlers.words import Words

MOST_NAMES = 4
"""Regions or passages named in one line."""
TITLE = 90
"""Characters of the title of a session or a document."""
REGION = 40
ROOM = 2200
"""Characters of one part of the card: its four parts stay below what a message holds."""


def before_select(topics: Sequence[Topic], words: Words) -> StaticSelectElement | None:
    """A list of the topics with a memory, for in the channel card; None where there are none."""
    if not topics:
        return None
    return StaticSelectElement(
        action_id="themes.before",
        placeholder=plain(words("themes.before_choose"), 150),
        options=[option(topic.name, topic.id) for topic in topics[:100]],
    )


def before(found: Before, words: Words) -> tuple[str, list[Block]]:
    """The card of a topic: what was said about its theme before, and by whom more is to be heard."""
    name = escaped(found.name)
    if found.empty:
        text = words("themes.empty", topic=name)
        return text, [*paragraphs(text), context(f"{SIGNS['question']}{words('themes.empty_example')}")]
    text = words("themes.before_text", topic=name)
    parts = [f"*{text}*"]
    parts += _part("themes.sessions", [_session(one, words) for one in found.sessions], MOST_SESSIONS, words)
    short = [one for one in found.questions if len(one.text) <= LONGEST_QUESTION]
    unseen = len(found.questions) - len(short)
    parts += _part("themes.questions", [_question(one, words) for one in short], MOST_QUESTIONS, words, unseen)
    parts += _part("themes.people", [_knower(one, words) for one in found.people], MOST_PEOPLE, words)
    parts += _part("themes.material", [_material(one, words) for one in found.material], MOST_DOCUMENTS, words)
    return text, [block for part in parts for block in paragraphs(part)]


def _part(heading: str, lines: Sequence[str], most: int, words: Words, unseen: int = 0) -> list[str]:
    """A heading with as many lines as are wanted and fit; the rest is counted."""
    if not lines:
        return []
    shown, more = shortlist(lines, most)
    kept = list(shown)
    while len(kept) > 1 and sum(map(len, kept)) > ROOM:
        kept.pop()
    more += len(shown) - len(kept) + unseen
    tail = [words.count("themes.more", more)] if more else []
    return ["\n".join([f"*{words(heading)}*", *(f"• {line}" for line in kept), *tail])]


def _session(one: EarlierSession, words: Words) -> str:
    parts = [f"{words.date(one.starts_at)}: {escaped(cut(one.title, TITLE))}"]
    if one.groups:
        numbers = words.list(str(number) for number in one.groups)
        parts.append(words.count("themes.in_groups", len(one.groups), numbers=numbers))
    else:
        parts.append(words("themes.no_group"))
    if one.regions:
        named, more = shortlist([escaped(cut(name, REGION)) for name in one.regions], MOST_NAMES)
        parts.append(", ".join([*named, *([words.count("themes.more", more)] if more else [])]))
    if one.link:
        parts.append(f"<{one.link}|{words('themes.article' if one.published else 'themes.thread')}>")
    return " · ".join(parts)


def _question(one: OpenQuestion, words: Words) -> str:
    where = [_day(one.on, words)]
    if one.group is not None:
        where.append(words("themes.group", number=one.group))
    if one.title:
        where.append(escaped(cut(one.title, TITLE)))
    if one.line is not None:
        where.append(words.count("themes.lines", 1, lines=one.line))
    return f"{SIGNS['question']}“{escaped(one.text)}” ({', '.join(where)})"


def _knower(one: Knower, words: Words) -> str:
    name, day = person(one.user), words.date(one.on)
    if not one.offer:
        return words("themes.led", name=name, group=one.group, day=day)
    told = words("themes.offered", name=name, group=one.group, day=day)
    return f"{told} {SIGNS['offer']}“{escaped(one.offer)}”" if len(one.offer) <= LONGEST_QUESTION else told


def _material(one: EarlierMaterial, words: Words) -> str:
    spans = [str(first) if first == last else f"{first}-{last}" for first, last in one.lines]
    shown, more = shortlist(spans, MOST_NAMES)
    lines = ", ".join([*shown, *([words.count("themes.more", more)] if more else [])])
    number = 1 if len(spans) == 1 and "-" not in spans[0] else 2
    where = words.count("themes.lines", number, lines=lines)
    return f"{escaped(cut(one.title, TITLE))} · {_day(one.on, words)} · {where}"


def _day(on: date | None, words: Words) -> str:
    return words.date(on) if on else words("themes.undated")


MOST_GROUPS = 6
"""Groups of which a claim shows the evidence; the others are counted."""
MOST_BLOCKS = 98


def drift(session: WorkSession, report: DriftReport, links: Mapping[str, str], words: Words) -> View:
    """The drift report for the coordinator: every claim with its impressions, and one sentence of them as example.

    `links` leads from an impression's id to its post.
    """
    blocks: list[Block] = [section(f"*{escaped(session.title)}* · {words.date(session.starts_at)}")]
    if report.missing:
        numbers = words.list(str(number) for number in report.missing)
        blocks.append(section(words.count("themes.drift_missing", len(report.missing), numbers=numbers)))
    for kind in Drift:
        claims = report.of(kind)
        if claims:
            blocks.append(header(words(f"themes.drift_{kind.value}")))
            blocks += [section(_claim(claim, links, words)) for claim in claims]
    if not report.claims:
        blocks.append(section(words("themes.drift_nothing")))
    foot = context(words("themes.drift_how"))
    return form(words, "themes.drift", words("themes.drift"), [*blocks[:MOST_BLOCKS], foot], submit=None)


def _claim(claim: TopicDrift, links: Mapping[str, str], words: Words) -> str:
    counted = [words.count("themes.drift_chosen", claim.chosen)]
    if claim.groups:
        where = words.count("themes.in_groups", len(claim.groups), numbers=words.list(map(str, claim.groups)))
        counted.append(words.count("themes.drift_sat", claim.sat, groups=where))
    if claim.away:
        counted.append(words.count("themes.drift_away", claim.away))
    lines = [f"*{escaped(claim.topic.name)}*", " · ".join(counted)]
    shown, more = shortlist(claim.evidence, MOST_GROUPS)
    if shown:
        said = [_evidence(one, links, words) for one in shown]
        lines.append(" · ".join([*said, *([words.count("themes.more", more)] if more else [])]))
    example = next((one.text for one in claim.evidence if one.text), "")
    if example:
        lines.append(f"{SIGNS['quote']}“{escaped(example)}”")
    return "\n".join(lines)


def _evidence(one: Evidence, links: Mapping[str, str], words: Words) -> str:
    text = words.count("themes.drift_sentences", one.sentences, group=one.group)
    return f"<{links[one.impression]}|{text}>" if one.impression in links else text
