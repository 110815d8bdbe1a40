"""The article on screen: as a draft with its sources and buttons, to read along, and as it is published."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ConfirmObject,
    Option,
    OverflowMenuElement,
)

from bot.article import ASIDES, UNCHANGED, Changes, Edition, Part, Sentence, State, unserved
from bot.impressions import SignOffState
from bot.programme import Region
from bot.promises import WAITING
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
from handlers.views.harvest_chapters import Source, chapters, coverage, label, notes, said_by, sources
from handlers.views.impressions import SIGNS
from handlers.views.impressions_signing import moment, reason
from handlers.views.pages import paginate, paragraphs, pieces
from handlers.words import Words

MONDAY = date(2021, 6, 14)
LABELLED = (Part.EASY, Part.HARD, Part.CONCLUSION, Part.EXAMPLE, Part.OBSTACLE)
"""Parts that mean the opposite, or nothing, without their label; the others have a sign."""


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


def source_line(source: Source, words: Words) -> str:
    """Say where a mark points: the group, who handed in, and when. Safe in a message."""
    at = words.stamp(source.impression.created_at)
    return words("harvest.source", mark=source.mark, group=source.group, name=escaped(source.name), at=at)


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
