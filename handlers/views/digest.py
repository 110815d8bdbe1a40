"""The weekly digest of a region: at most four items in the channel, the rest in its thread."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from babel import Locale, dates
from slack_sdk.models.blocks import Block, PlainTextObject, SectionBlock

from bot.article import Part, PublishedSentence
from bot.digest import Digest, Item, ItemKind, ThemeNews, session_of
from bot.harvest import Theme
from bot.promises import Told
from bot.worksessions import WorkSession
from handlers.views.followup import answers, name_line
from handlers.views.frame import actions, button, clean, context, cut, escaped, header, section
from handlers.views.pages import PARAGRAPH, pieces
from handlers.views.promises_shown import line as promise_line
from handlers.views.promises_shown import want_button
from handlers.words import HABITS, Words

MOST_OFFERED = 2
"""People who may stand for one item of the post; of more, the article tells."""
LABEL = 60
"""Names of themes are up to 120 characters long; a list of four must still be read at a glance."""


def labels(news: Sequence[ThemeNews], themes: Mapping[str, Theme], words: Words) -> dict[str | None, str]:
    """Name the themes as people know them: short where there is a short name, else after the topics of the groups."""
    return {item.theme: label(item.theme, item.sentences, themes, words) for item in news}


def label(theme: str | None, sentences: Sequence[PublishedSentence], themes: Mapping[str, Theme], words: Words) -> str:
    """Name one theme; not escaped."""
    known = themes.get(theme or "")
    if known is not None:
        return known.short_name or cut(known.name, LABEL)
    topics = list(dict.fromkeys(topic for sentence in sentences for topic in sentence.topics))
    return cut(words.list(topics), LABEL) or words("digest.no_theme")


def post(
    digest: Digest,
    sentences: Mapping[str, PublishedSentence],
    sessions: Mapping[str, WorkSession],
    news: Mapping[str | None, ThemeNews],
    names: Mapping[str | None, str],
    links: Mapping[str, str],
    words: Words,
    *,
    promised: Mapping[str, Sequence[Told]] | None = None,
) -> tuple[str, list[Block]]:
    """The message in the region's channel. `names` are the themes' labels, `links` lead from article id to its post.

    What was withdrawn in the meantime is left out: only live sentences and sessions are handed in. `promised` says by
    sentence id what somebody promised in it.
    """
    promises = promised or {}
    title = words("digest.header", **_range(digest.since, digest.until, words))
    blocks: list[Block] = [header(title)]
    points: list[str] = []
    for number, item in enumerate(digest.post):
        name = escaped(names.get(item.theme, ""))
        if item.kind in (ItemKind.DATE, ItemKind.MOVED):
            session = sessions.get(session_of(item.subject))
            if session is not None:
                blocks += _date(item.kind, session, words)
                points.append(words("digest.text_date", day=words.day(session.starts_at)))
        elif sentence := sentences.get(item.subject):
            offered = promises.get(sentence.id, ())[:MOST_OFFERED]
            link = links.get(sentence.article)
            if offered and item.kind is ItemKind.OFFER:
                for place, told in enumerate(offered):
                    blocks += _offer(sentence, told, name, link, number * MOST_OFFERED + place, words)
                    points.append(words("promises.text_offer", name=escaped(told.owner_name)))
                continue
            blocks.append(_sentence(item, sentence, news, name, link, number, words))
            points.append(_point(item, name, words))
    below = sum(1 for part in digest.thread for item in part if item.subject in sentences)
    said = list(dict.fromkeys(points)) or [words("digest.text_thread")]
    text = words("digest.text", header=title, what=words.list(said))
    lines = [words.count("digest.more", below)] if below else []
    blocks.append(context("\n".join([*lines, words("digest.without_ai")])))
    return text, blocks


def thread(
    items: Sequence[Item],
    sentences: Mapping[str, PublishedSentence],
    names: Mapping[str | None, str],
    words: Words,
    *,
    promised: Mapping[str, Sequence[Told]] | None = None,
) -> tuple[str, list[Block]]:
    """One message in the thread: per theme what else is new, every sentence whole."""
    promises = promised or {}
    blocks: list[Block] = []
    shown: dict[str | None, list[PublishedSentence]] = {}
    for item in items:
        if item.subject in sentences:
            shown.setdefault(item.theme, []).append(sentences[item.subject])
    for theme, found in shown.items():
        paragraph = f"🌱 *{escaped(names.get(theme, ''))}*"
        for sentence in found:
            line = _line(sentence, escaped(clean(sentence.text)), words)
            line = "\n".join([line, *(promise_line(told, words) for told in promises.get(sentence.id, ()))])
            if len(line) > PARAGRAPH:  # mostly signs that mrkdwn writes out: plain text holds them as they are
                blocks += [section(paragraph)] if paragraph else []
                blocks += [_plain(piece) for piece in pieces(_line(sentence, clean(sentence.text), words))]
                paragraph = ""
            elif len(paragraph) + len(line) + 2 > PARAGRAPH:
                blocks.append(section(paragraph))
                paragraph = line
            else:
                paragraph = f"{paragraph}\n{line}" if paragraph else line
        blocks += [section(paragraph)] if paragraph else []
    text = words("digest.details", themes=words.list([escaped(names.get(theme, "")) for theme in shown]))
    return text, blocks


def withdrawn(words: Words) -> tuple[str, list[Block]]:
    """What takes the place of a message of which everything was withdrawn."""
    text = words("digest.withdrawn")
    return text, [context(text)]


def _sentence(
    item: Item,
    sentence: PublishedSentence,
    news: Mapping[str | None, ThemeNews],
    name: str,
    link: str | None,
    number: int,
    words: Words,
) -> Block:
    if item.kind is ItemKind.QUESTION:
        head = f"❓ *{words('digest.question', theme=name)}*"
    elif item.kind is ItemKind.OFFER:
        head = f"🙋 *{words('digest.offer', theme=name)}*"
    else:
        groups = news[item.theme].groups if item.theme in news else 1
        head = f"🌱 *{name}* · {words.count('digest.groups', groups)}"
    says = words("digest.read_says", theme=name)
    read = (
        button(words("digest.read"), f"digest.read:{number}", sentence.article, says=says, url=link) if link else None
    )
    return section(f"{head}\n{_quoted(escaped(clean(sentence.text)))}", read)


def _offer(
    sentence: PublishedSentence, told: Told, theme: str, link: str | None, number: int, words: Words
) -> list[Block]:
    """An offer that somebody stands for: who, by when, and a button for who wants it too.

    It says what that person stands for and no word more, though the published sentence may hold more.
    """
    head = words("promises.digest_offer", name=escaped(told.owner_name), theme=theme)
    promise = told.promise
    lines = [head, _quoted(escaped(clean(told.words)))]
    if promise.due is not None and promise.stands:
        lines.append(words("promises.digest_due", day=words.day(promise.due)))
    row = [want_button(told, words, number)] if promise.stands else []
    if link:
        says = words("digest.read_says", theme=theme)
        read = button(words("digest.read"), f"digest.read:{number}", sentence.article, says=says, url=link)
        row.append(read)
    return [section("\n".join(lines)), *([actions(*row)] if row else [])]


def _date(kind: ItemKind, session: WorkSession, words: Words) -> list[Block]:
    when = words.period(session.starts_at, session.ends_at)
    head = words("digest.moved", when=when) if kind is ItemKind.MOVED else words("digest.date", when=when)
    return [section(f"📅 *{head}*{name_line(session, words)}"), answers(session, words)]


def _point(item: Item, name: str, words: Words) -> str:
    if item.kind is ItemKind.QUESTION:
        return words("digest.text_question", theme=name)
    return words("digest.text_offer", theme=name) if item.kind is ItemKind.OFFER else name


def _line(sentence: PublishedSentence, text: str, words: Words) -> str:
    said = _quoted(text)
    if sentence.part is not Part.BODY:
        said = words(f"digest.line_{sentence.part}", text=said)
    return f"{said} · {words('digest.group', number=sentence.group_number)}"


def _quoted(text: str) -> str:
    return f"“{text}”"


def _plain(text: str) -> Block:
    return SectionBlock(text=PlainTextObject(text=text, emoji=False))


def _range(since: datetime, until: datetime, words: Words) -> dict[str, str]:
    """Say from which day to which, with no more than is needed: "15" and "22 juni"."""
    first, last = since.astimezone(words.zone).date(), until.astimezone(words.zone).date()
    form = "d" if (first.year, first.month) == (last.year, last.month) and first != last else "d MMMM"
    return {
        "since": _day(first, form if first.year == last.year else "d MMMM y", words),
        "until": _day(last, "d MMMM" if first.year == last.year else "d MMMM y", words),
    }


def _day(day: date, form: str, words: Words) -> str:
    return str(dates.format_date(day, form, locale=Locale.parse(HABITS[words.language])))
