"""The article as a document to keep or send on, in any of the forms of `handlers.documents`."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

from bot.article import ASIDES, UNCHANGED, Changes, Edition, Part, Sentence, State, unserved
from bot.attachments import Attachment
from bot.document import Block, Bullets, Document, Labels, Line, Paragraph, Quote, Run, Section, Source, line
from handlers.views import attachments as files
from handlers.views import harvest_chapters as views
from handlers.views import harvest_versions as versions
from handlers.views import promises_shown as promise_views
from handlers.views.frame import quoted
from handlers.words import Words


def article_document(
    edition: Edition, words: Words, posts: Mapping[str, str] | None = None, changes: Changes = UNCHANGED
) -> Document:
    """Return the article apart from its form. `posts` gives by impression id where it can be read in Slack."""
    article, session = edition.article, edition.session
    told = [_chapter(each, edition, words) for each in views.chapters(edition, words)]
    return Document(
        language=words.language,
        title=article.headline,
        labels=labels(words),
        on=_day(edition, words),
        meta=(f"{session.title} · {words.period(session.starts_at, session.ends_at)}",),
        notice=words("harvest.document_draft") if article.state is State.DRAFT else "",
        sections=(*_news(edition, words), *told, *_rest(edition, changes, words)),
        closing=_closing(edition, words),
        sources=_sources(edition, posts or {}, words),
        last=" · ".join(part for part in (_published(edition, words), words("harvest.without_model")) if part),
    )


def file_name(edition: Edition, kind: str, words: Words) -> str:
    """Return a file name that is safe everywhere."""
    return f"{slug(edition.session.title, _day(edition, words))}.{kind}"


def slug(title: str, on: date) -> str:
    """Return a day and a title as the stem of a file name that is safe everywhere."""
    ascii_ = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    found = re.sub(r"[^a-z0-9]+", "-", ascii_).strip("-")[:60].strip("-")
    return f"{on.isoformat()}-{found}" if found else on.isoformat()


def labels(words: Words) -> Labels:
    """Return the words of ours around a document."""
    return Labels(
        skip=words("documents.skip"),
        source=words("harvest.document_source"),
        anchor=words("harvest.document_source_id"),
        sources=words("harvest.document_sources"),
    )


def _day(edition: Edition, words: Words) -> date:
    return edition.session.starts_at.astimezone(words.zone).date()


def _news(edition: Edition, words: Words) -> list[Section]:
    """What the coordinator tells of the part where everybody was together, under her own name."""
    lines = [said for said in edition.article.news.splitlines() if said.strip()]
    name = edition.names.get(edition.article.news_by, "")
    title = words("harvest.news", name=name)
    return [Section(title, tuple(Paragraph(line(said)) for said in lines))] if lines else []


def _chapter(chapter: views.Chapter, edition: Edition, words: Words) -> Section:
    blocks: list[Block] = []
    if body := chapter.parts[Part.BODY]:
        runs: list[Run] = []
        for number, (sentence, mark) in enumerate(body):
            same = number + 1 < len(body) and body[number + 1][1] == mark  # one mark for what stands together
            runs += [*([Run(" ")] if runs else []), *_line(sentence, 0 if same else mark, edition, words)]
        blocks.append(Paragraph(tuple(runs)))
    blocks += [Quote(_line(sentence, mark, edition, words)) for sentence, mark in chapter.parts[Part.QUOTE]]
    inner = [
        Section(
            views.label(part, len(chapter.parts[part]), words),
            (Bullets(tuple(_line(s, mark, edition, words) for s, mark in chapter.parts[part])),),
        )
        for part in ASIDES
        if part is not Part.QUOTE and chapter.parts[part]
    ]
    return Section(chapter.title, tuple(blocks), tuple(inner))


def _line(sentence: Sentence, mark: int, edition: Edition, words: Words) -> Line:
    text = sentence.run.text
    if sentence.run.part is Part.QUOTE:
        name = views.said_by(sentence, edition)
        return line(f"{quoted(text)} ({name})" if name else quoted(text), mark)
    notes, others = views.notes(sentence, edition, words)
    said = " ".join([text, *notes])
    return line(" · ".join([said, *(promise_views.plain_line(told, words) for told in others)]), mark)


def _rest(edition: Edition, changes: Changes, words: Words) -> list[Section]:
    """What is not of one group: topics that no group took up, files, and what changed since it was published."""
    found = []
    if left := unserved(edition):
        found.append(Section(words("harvest.unserved"), (Bullets(tuple(line(topic.name) for topic in left)),)))
    if edition.downloads:
        listed = Bullets(tuple(_download(file, edition, words) for file in edition.downloads))
        found.append(Section(words("attachments.downloads"), (listed,)))
    if told := versions.lines(changes, edition, words):
        title = versions.title(changes, words)
        found.append(Section(title, (Bullets(tuple(line(f"{group}: {text}") for group, text in told)),)))
    return found


def _download(file: Attachment, edition: Edition, words: Words) -> Line:
    return (Run(file.name, link=files.address(file) or ""), Run(f" · {files.details(file, edition, words)}"))


def _closing(edition: Edition, words: Words) -> tuple[Block, ...]:
    blocks: list[Block] = []
    if edition.next_session is not None:
        period = words.period(edition.next_session.starts_at, edition.next_session.ends_at)
        blocks.append(Paragraph(line(words("harvest.document_next", period=period))))
    return (*blocks, Paragraph(line(views.coverage(edition.coverage, words)), soft=True))


def _sources(edition: Edition, posts: Mapping[str, str], words: Words) -> tuple[Source, ...]:
    found = []
    for source in views.sources(edition).values():
        at = words.moment(source.impression.created_at)
        said = words("harvest.document_line", group=source.group, name=source.name, at=at)
        link = posts.get(source.impression.id, "")
        read = (Run(" · "), Run(words("documents.in_slack"), link=link)) if link else ()
        found.append(Source(source.mark, (Run(said), *read)))
    return tuple(found)


def _published(edition: Edition, words: Words) -> str:
    article = edition.article
    if article.published_at is None:
        return ""
    name = edition.names.get(article.published_by or "", "")
    return words("harvest.published_by", name=name, at=words.moment(article.published_at))
