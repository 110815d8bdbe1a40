"""The article as a document to keep or send on: Markdown, or one HTML page that needs nothing else."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.article import ASIDES, Edition, Part, Sentence, State
from bot.attachments import Attachment
from handlers.views import attachments as files
from handlers.views import harvest as views
from handlers.views import promises_shown as promise_views
from handlers.views.frame import clean, quoted
from handlers.words import Words

FORMATS = ("html", "md")
TEMPLATES = Path(__file__).parent / "templates"
_MARKED = re.compile(r"([\\`*_\[\]<>&~|#])")


@dataclass(frozen=True)
class _Chapter:
    title: str
    parts: dict[str, list[tuple[str, int]]]


def document(edition: Edition, kind: str, words: Words) -> tuple[str, str]:
    """Return a file name that is safe everywhere, and the article as "html" or "md". Raises KeyError for another."""
    made = {"html": as_html, "md": as_markdown}[kind]
    return f"{_name(edition, words)}.{kind}", made(edition, words)


def as_html(edition: Edition, words: Words) -> str:
    """Return one page without anything from outside; what people typed is escaped by the template engine."""
    asides = [(part.value, label) for part, label in _asides(words)]
    return (
        _environment()
        .get_template("article.html")
        .render(
            language=words.language,
            says=words,
            headline=clean(edition.article.headline),
            title=clean(edition.session.title),
            period=words.period(edition.session.starts_at, edition.session.ends_at),
            is_draft=edition.article.state is State.DRAFT,
            chapters=_chapters(edition, words),
            asides=asides,
            next=_next(edition, words),
            downloads=[
                (clean(file.name), files.address(file), files.details(file, edition, words))
                for file in edition.downloads
            ],
            coverage=views.coverage(edition.coverage, words),
            sources=_sources(edition, words),
            published=_published(edition, words),
        )
    )


def as_markdown(edition: Edition, words: Words) -> str:
    """Return CommonMark in which what people typed shows literally, with the marks of its sources."""
    session = edition.session
    lines = [f"# {_literal(edition.article.headline)}", ""]
    if edition.article.state is State.DRAFT:
        lines += [f"**{words('harvest.document_draft')}**", ""]
    lines += [f"{_literal(session.title)} · {words.period(session.starts_at, session.ends_at)}", ""]
    for chapter in _chapters(edition, words):
        lines += [f"## {_literal(chapter.title)}", ""]
        if body := chapter.parts[Part.BODY]:
            lines += [" ".join(f"{_literal(text)} \\[{mark}\\]" for text, mark in body), ""]
        for text, mark in chapter.parts[Part.QUOTE]:
            lines += [f"> {_literal(text)} \\[{mark}\\]", ""]
        for part, label in _asides(words):
            if chapter.parts[part]:
                lines += [f"### {label}", ""]
                lines += [*(f"- {_literal(text)} \\[{mark}\\]" for text, mark in chapter.parts[part]), ""]
    if following := _next(edition, words):
        lines += [following, ""]
    if edition.downloads:
        lines += [f"## {words('attachments.downloads')}", ""]
        lines += [f"- {_download(file)} · {files.details(file, edition, words)}" for file in edition.downloads]
        lines.append("")
    lines += [views.coverage(edition.coverage, words), "", f"## {words('harvest.document_sources')}", ""]
    lines += [f"{number}. {_literal(line)}" for number, line in enumerate(_sources(edition, words), start=1)]
    last = [_literal(part) for part in (_published(edition, words), words("harvest.without_model")) if part]
    return "\n".join([*lines, "", " · ".join(last), ""])


def _download(file: Attachment) -> str:
    name, at = _literal(file.name), files.address(file)
    return f"[{name}](<{at}>)" if at else name


def _asides(words: Words) -> list[tuple[Part, str]]:
    """The parts that stand under a heading of their own; a quote is set off by itself."""
    own = {Part.OFFER: words("harvest.offers")}
    return [(part, own.get(part) or words(f"impressions.part.{part}")) for part in ASIDES if part is not Part.QUOTE]


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)


def _chapters(edition: Edition, words: Words) -> list[_Chapter]:
    return [
        _Chapter(
            clean(chapter.title),
            {
                part.value: [(_words_of(s, edition, words), mark) for s, mark in found]
                for part, found in chapter.parts.items()
            },
        )
        for chapter in views.chapters(edition, words)
    ]


def _words_of(sentence: Sentence, edition: Edition, words: Words) -> str:
    text = clean(sentence.run.text)
    if sentence.run.part is not Part.QUOTE:
        if whole := views.promised_whole(sentence, edition):
            return clean(promise_views.plain_line(whole, words))
        lines = [clean(promise_views.plain_line(told, words)) for told in views.promised(sentence, edition)]
        return " · ".join([text, *lines])
    name = clean(views.said_by(sentence, edition))
    return f"{quoted(text)} ({name})" if name else quoted(text)


def _sources(edition: Edition, words: Words) -> list[str]:
    return [
        words(
            "harvest.document_line",
            group=source.group,
            name=clean(source.name),
            at=words.moment(source.impression.created_at),
        )
        for source in views.sources(edition).values()
    ]


def _next(edition: Edition, words: Words) -> str:
    if edition.next_session is None:
        return ""
    period = words.period(edition.next_session.starts_at, edition.next_session.ends_at)
    return words("harvest.document_next", period=period)


def _published(edition: Edition, words: Words) -> str:
    article = edition.article
    if article.published_at is None:
        return ""
    name = clean(edition.names.get(article.published_by or "", ""))
    return words("harvest.published_by", name=name, at=words.moment(article.published_at))


def _literal(text: str) -> str:
    """Make text mean itself in Markdown: no heading, list, link or HTML comes of what somebody typed."""
    marked = _MARKED.sub(r"\\\1", " ".join(clean(text).split()))
    return re.sub(r"^(\d{1,9})([.)])", r"\1\\\2", re.sub(r"^([-+=])", r"\\\1", marked))


def _name(edition: Edition, words: Words) -> str:
    day = edition.session.starts_at.astimezone(words.zone).date()
    ascii_ = unicodedata.normalize("NFKD", edition.session.title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_).strip("-")[:60].strip("-")
    return f"{day.isoformat()}-{slug}" if slug else day.isoformat()
