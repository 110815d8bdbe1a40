"""The article on screen: as a draft with its sources and buttons, to read along, and as it is published."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ConfirmObject,
    Option,
    OverflowMenuElement,
)

from bot.article import ASIDES, UNCHANGED, Changes, Contribution, Coverage, Edition, Part, Sentence, State, unserved
from bot.impressions import Impression, QuoteUse, SignOffState
from bot.programme import Region
from bot.promises import WAITING, Told
from bot.promises import State as PromiseState
from handlers.documents import FORMATS, installed
from handlers.views import attachments as files
from handlers.views import harvest_versions as versions
from handlers.views import promises_shown as promise_views
from handlers.views.frame import (
    actions,
    button,
    context,
    divider,
    escaped,
    header,
    option,
    plain,
    quoted,
    section,
)
from handlers.views.impressions import SIGNS
from handlers.views.impressions_signing import moment, reason
from handlers.views.pages import paginate, paragraphs, pieces
from handlers.views.selection_groups import title
from handlers.words import Words

MONDAY = date(2021, 6, 14)
LABELLED = (Part.EASY, Part.HARD, Part.CONCLUSION, Part.EXAMPLE, Part.OBSTACLE)
"""Parts that mean the opposite, or nothing, without their label; the others have a sign."""


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


def draft(
    edition: Edition, regions: Sequence[Region], region_word: str, words: Words, changes: Changes = UNCHANGED
) -> tuple[str, list[list[Block]]]:
    """The draft as the coordinator reads it; once it is published with what changed since, and the old words."""
    article = edition.article
    if article.state is State.PUBLISHED:
        text = words("harvest.published_text", headline=escaped(article.headline))
        head = [*_head(edition, words), context(published_by(edition, words))]
        menu = OverflowMenuElement(action_id="harvest.more", options=file_options(article.id, words))
        body = [*_body(edition, words), *versions.changed(changes, edition, words, old_words=True)]
        return text, paginate(head, body, [actions(*_choose_files(edition, words), menu)])
    text = words("harvest.draft_text", headline=escaped(article.headline))
    lines = [words("harvest.draft_rule"), where(edition, regions, region_word, words)]
    tail: list[Block] = [context("\n".join(lines)), _buttons(edition, regions, region_word, words)]
    if not article.sentences:
        empty = [*_signing(edition, words), *_unanswered(edition, words), section(words("harvest.draft_empty"))]
        return text, paginate(_head(edition, words), empty, [])
    body = [*_signing(edition, words), *_unanswered(edition, words), *_body(edition, words)]
    return text, paginate([section(words("harvest.draft_intro")), *_head(edition, words)], body, tail)


def _unanswered(edition: Edition, words: Words) -> list[Block]:
    """Say of which groups an offer is left out because nobody stands for it: who was asked, or said no."""
    lines = [
        words(f"promises.draft_{told.promise.state}", group=told.group_number, name=escaped(told.owner_name))
        for told in edition.promises
        if told.promise.state in WAITING and told.words
    ]
    return paragraphs("\n".join(dict.fromkeys(lines))) if lines else []


def _signing(edition: Edition, words: Words) -> list[Block]:
    """Say of every group that did not agree yet where that stands, and who objects to what."""
    lines = []
    for contribution in edition.contributions:
        number = contribution.group.number
        for impression in contribution.impressions:
            found = edition.standings.get(impression.id)
            if found is None or found.state is SignOffState.AGREED:
                continue
            if found.state is SignOffState.OPEN:
                at = moment(found.until, words.in_zone(edition.session.timezone))
                counts = {"yes": len(found.agreed), "all": len(found.asked)}
                lines.append(words("harvest.sign_open", group=number, until=at, **counts))
            elif found.state is SignOffState.WAITING:
                lines.append(words("harvest.sign_waiting", group=number))
            else:
                lines.append(words("harvest.sign_objected", group=number))
                lines += [reason(edition.names.get(no.user, ""), no.reason, words) for no in found.objections]
    return paragraphs("\n".join(lines)) if lines else []


def preview(edition: Edition, user: str, words: Words) -> tuple[str, list[list[Block]]]:
    """What a facilitator reads along: the part of the draft that is about the own groups."""
    own = [c.group.id for c in edition.contributions if c.group.facilitator == user]
    out = edition.article.state is State.PUBLISHED
    intro = published_by(edition, words) if out else words("harvest.preview_intro")
    text = words(f"harvest.{'published' if out else 'preview'}_text", headline=escaped(edition.article.headline))
    head = [section(intro), header(edition.article.headline)]
    body = _body(edition, words, only=own)
    return text, paginate(head, body or [section(words("harvest.preview_empty"))], [])


def article(edition: Edition, words: Words, changes: Changes = UNCHANGED) -> tuple[str, list[list[Block]]]:
    """The article as it stands in the channel of the work session, with what changed since it was published."""
    text = words("harvest.article_text", headline=escaped(edition.article.headline))
    tail = [context(f"{published_by(edition, words)} · {words('harvest.without_model')}")]
    body = [*_body(edition, words), *versions.changed(changes, edition, words)]
    return text, paginate(_head(edition, words), body, tail)


def _head(edition: Edition, words: Words) -> list[Block]:
    day = words.period(edition.session.starts_at, edition.session.ends_at)
    return [
        header(edition.article.headline),
        context(f"{escaped(edition.session.title)} · {day} · {words('harvest.without_model')}"),
    ]


def _body(edition: Edition, words: Words, only: Iterable[str] | None = None) -> list[Block]:
    cited = sources(edition)
    blocks: list[Block] = []
    if only is None and edition.article.news:
        blocks += paragraphs(f"*{news_title(edition, words)}*\n{escaped(edition.article.news)}")
    marks: set[int] = set()
    for chapter in chapters(edition, words, only):
        blocks += paragraphs(f"*{escaped(chapter.title)}*\n{_told(chapter.parts[Part.BODY], edition, words)}".strip())
        blocks += _promised(chapter.parts[Part.BODY], edition, words)
        for part in ASIDES:
            if part in LABELLED:
                if told := _told(chapter.parts[part], edition, words):
                    blocks += paragraphs(f"*{label(part, len(chapter.parts[part]), words)}:* {told}")
                    blocks += _promised(chapter.parts[part], edition, words)
                continue
            for sentence, mark in chapter.parts[part]:
                blocks += paragraphs(f"{SIGNS[part.value]}{_shown(sentence, edition, words)} [{mark}]")
                blocks += _promised([(sentence, mark)], edition, words)
        marks |= {mark for found in chapter.parts.values() for _, mark in found}
    if only is None:
        if left := unserved(edition):
            topics = words.list(escaped(topic.name) for topic in left)
            blocks += paragraphs(f"*{words('harvest.unserved')}:* {topics}")
        if edition.next_session is not None:
            next_ = edition.next_session
            blocks.append(section(words("harvest.next", period=words.period(next_.starts_at, next_.ends_at))))
        blocks += files.downloads(edition, words)
        blocks.append(context(coverage(edition.coverage, words)))
    if marks:
        lines = [source_line(source, words) for source in cited.values() if source.mark in marks]
        blocks += [divider(), *(context(piece) for piece in pieces("\n".join(lines)))]
    return blocks


def news_title(edition: Edition, words: Words) -> str:
    """Say whose news it is. Safe in a message."""
    return words("harvest.news", name=escaped(edition.names.get(edition.article.news_by, "")))


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


def _promised(sentences: Sequence[tuple[Sentence, int]], edition: Edition, words: Words) -> list[Block]:
    """A small line for each promise that says in other words what these sentences offer: who, what, by when."""
    found = {told.promise.id: told for sentence, _ in sentences for told in notes(sentence, edition, words)[1]}
    lines = "\n".join(f"{SIGNS['offer']}{promise_views.line(told, words)}" for told in found.values())
    return [context(piece) for piece in pieces(lines)]


def _shown(sentence: Sentence, edition: Edition, words: Words) -> str:
    text = escaped(sentence.run.text)
    if sentence.run.part is not Part.QUOTE:
        return " ".join([text, *map(escaped, notes(sentence, edition, words)[0])])
    name = said_by(sentence, edition)
    return f"{quoted(text)} ({escaped(name)})" if name else quoted(text)


def _told(sentences: Sequence[tuple[Sentence, int]], edition: Edition, words: Words) -> str:
    """The sentences with the mark of their source, once for those of one source that stand together."""
    said = []
    for number, (sentence, mark) in enumerate(sentences):
        same = number + 1 < len(sentences) and sentences[number + 1][1] == mark
        said.append(_shown(sentence, edition, words) + ("" if same else f" [{mark}]"))
    return " ".join(said)


def label(part: Part, number: int, words: Words) -> str:
    """Return how the readers of an article call a part; who writes one is asked for it in other words."""
    return words.count(f"harvest.part.{part}", number)


def source_line(source: Source, words: Words) -> str:
    """Say where a mark points: the group, who handed in, and when. Safe in a message."""
    at = words.stamp(source.impression.created_at)
    return words("harvest.source", mark=source.mark, group=source.group, name=escaped(source.name), at=at)


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


def published_by(edition: Edition, words: Words) -> str:
    """Say who published it, and when. Safe in a message; nobody is called by it."""
    article = edition.article
    assert article.published_at is not None
    name = escaped(edition.names.get(article.published_by or "", ""))
    return words("harvest.published_by", name=f"@{name}", at=words.stamp(article.published_at))


def where(edition: Edition, regions: Sequence[Region], region_word: str, words: Words) -> str:
    """Say where it will be read once published."""
    channel = f"<#{edition.session.channel}>"
    return f"{words('harvest.where', channel=channel)} {_readers(edition, regions, region_word, words)}".strip()


def _readers(edition: Edition, regions: Sequence[Region], region_word: str, words: Words) -> str:
    own = [region for region in regions if region.id in edition.session.regions]
    if not own or not _is_region(region_word):
        return words("harvest.read_later") if own else ""
    days = {region.digest_weekday for region in own}
    if len(days) > 1:
        return words.count("harvest.read_by", len(own))
    return words.count("harvest.read_by_on", len(own), weekday=words.weekday(MONDAY + timedelta(days=days.pop())))


def _is_region(word: str) -> bool:
    """Only the usual word has a plural that we can write; a programme's own word may have any."""
    return word.casefold() in ("regio", "region")


def _buttons(edition: Edition, regions: Sequence[Region], region_word: str, words: Words) -> Block:
    id_, number = edition.article.id, len(edition.session.regions)
    counted = number and _is_region(region_word)
    label = words.count("harvest.publish_in", number) if counted else words("harvest.publish")
    readers = _readers(edition, regions, region_word, words)
    value = f"{id_}:{edition.article.version}"
    publish: ButtonElement = button(label, "harvest.publish", value, green=True)
    publish.confirm = ConfirmObject(
        title=plain(words("harvest.confirm_title"), 100),
        text=plain(f"{words('harvest.confirm')} {readers}".strip(), 300),
        confirm=plain(words("harvest.publish"), 30),
        deny=plain(words("harvest.not_yet"), 30),
    )
    more = OverflowMenuElement(
        action_id="harvest.more",
        options=[*file_options(id_, words), option(words("harvest.let_read"), f"preview:{id_}")],
    )
    drift = button(words("themes.drift"), "themes.drift", edition.session.id)
    assign = button(words("promises.assign"), "promises.assign", id_)
    edit = button(words("harvest.edit"), "harvest.edit", id_)
    return actions(publish, edit, assign, drift, *_choose_files(edition, words), more)


def file_options(id_: str, words: Words) -> list[Option]:
    """The forms in which a document can be had; one that is not installed says how it would be."""
    return [
        option(words(f"documents.as_{kind}" if installed(kind) else f"documents.no_{kind}"), f"{kind}:{id_}")
        for kind in FORMATS
    ]


def _choose_files(edition: Edition, words: Words) -> list[ButtonElement]:
    if not edition.attachments:
        return []
    return [button(words("attachments.choose"), "harvest.downloads", edition.article.id)]


def draft_place(link: str | None, words: Words) -> str:
    """Tell the coordinator where the draft is."""
    return words("harvest.draft_here", link=link) if link else words("harvest.draft_coming")
