"""The weekly digest of a region: at most four items in the channel, the rest in its thread."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from babel import Locale, dates
from slack_sdk.models.blocks import Block, ConfirmObject, PlainTextObject, SectionBlock

from bot.article import Part, PublishedSentence, attributed
from bot.digest import Item, ItemKind, ThemeNews, date_subject, session_of
from bot.followup import DatePoll
from bot.harvest import Theme
from bot.promises import Told
from bot.steering import without_steering
from bot.worksessions import State, WorkSession
from handlers.views.digest_written import drawn_length, in_short, thread_lines, under_head
from handlers.views.followup import answers, name_line
from handlers.views.frame import actions, button, context, cut, escaped, header, plain, section
from handlers.views.pages import PARAGRAPH, pieces
from handlers.views.promises_shown import line as promise_line
from handlers.views.promises_shown import want_button
from handlers.views.trail_ties import named
from handlers.words import HABITS, Words

if TYPE_CHECKING:
    from handlers.digest.drawing import Live
    from handlers.digest.pointing import Touch

Drawn = tuple[str, Sequence[Block]]
"""A few words for the notification, and the blocks."""
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


def post(found: "Live", words: Words) -> tuple[str, list[Block]]:
    """The message in the region's channel, with the controls of the region in its last lines.

    What was withdrawn in the meantime is left out: only live sentences, sessions and polls are handed in.
    """
    digest = found.digest
    title = words("digest.header", **_range(digest.since, digest.until, words))
    blocks: list[Block] = [header(title)]
    if digest.missed:
        blocks.append(context(words("digest.missed")))
    points: list[str] = []
    shown: dict[Item, list[Block]] = {}
    for number, item in enumerate(digest.post):
        drawn = item_of(found, item, number, words)
        if drawn is not None:
            points.append(drawn[0])
            shown[item] = list(drawn[1])
    short = in_short(found, {item: drawn_length(some) for item, some in shown.items()}, words)
    for item, some in shown.items():
        blocks += under_head(some, short[item]) if item in short else some
    below = sum(1 for part in digest.thread for item in part if item.subject in found.sentences)
    said = list(dict.fromkeys(points)) or [words("digest.text_thread")]
    text = words("digest.text", header=title, what=words.list(said))
    lines = [words.count("digest.more", below)] if below else []
    blocks.append(context("\n".join([*lines, words("writing.with_ai") if short else words("digest.without_ai")])))
    blocks.append(controls(digest.region, found.region, words))
    return text, blocks


def controls(region: str, name: str, words: Words) -> Block:
    """The region's own controls: they change it for everybody in the region."""
    stop = button(words("digest.stop"), "digest.stop", region, says=words("digest.stop_says", region=name))
    stop.confirm = ConfirmObject(
        title=plain(words("digest.stop_title"), 100),
        text=plain(words("digest.stop_text", region=name), 300),
        confirm=plain(words("digest.stop_yes"), 30),
        deny=plain(words("digest.stop_no"), 30),
    )
    return actions(
        button(words("digest.less"), "digest.less", region, says=words("digest.less_says", region=name)),
        button(words("digest.other"), "digest.settings", region, says=words("digest.other_says", region=name)),
        stop,
    )


def item_of(found: "Live", item: Item, number: int, words: Words) -> Drawn | None:
    """One item of the post, with a few words for the notification; None where it is no longer so."""
    name = escaped(found.names.get(item.theme, ""))
    if item.kind in (ItemKind.DATE, ItemKind.MOVED):
        session = found.sessions.get(session_of(item.subject))
        if session is None:
            return None
        return words("digest.text_date", day=words.day(session.starts_at)), _date(item, session, words)
    if item.kind is ItemKind.POLL:
        poll, link = found.polls.get(item.subject), found.links.get(item.subject)
        return _poll(poll, link, number, words) if poll else None
    if item.kind is ItemKind.DUE:
        told = found.due.get(item.subject)
        return _due(told, number, words) if told else None
    if item.kind is ItemKind.INTRODUCTION:
        return found.extras.get(item.subject)
    sentence = found.sentences.get(item.subject)
    if sentence is None:
        return None
    link = found.links.get(sentence.article)
    offered = found.promised.get(sentence.id, ())[:MOST_OFFERED]
    if offered and item.kind is ItemKind.OFFER:
        blocks: list[Block] = []
        for place, told in enumerate(offered):
            blocks += _offer(sentence, told, name, link, number * MOST_OFFERED + place, words)
        names = words.list([escaped(told.owner_name) for told in offered])
        return words("promises.text_offer", name=names), blocks
    return _point(item, name, words), _sentence(found, item, sentence, name, link, number, words)


def thread(items: Sequence[Item], found: "Live", words: Words) -> tuple[str, list[Block]]:
    """One message in the thread: per theme what else is new, every sentence whole."""
    blocks: list[Block] = []
    helped = False
    due = [line for item in items if (told := found.due.get(item.subject)) for line in [promise_line(told, words)]]
    if due:
        blocks += [section("\n".join([f"🙋 *{words('digest.due')}*", *due])[:PARAGRAPH])]
    shown: dict[str | None, list[PublishedSentence]] = {}
    for item in items:
        if item.subject in found.sentences:
            shown.setdefault(item.theme, []).append(found.sentences[item.subject])
    for theme, said in shown.items():
        paragraph = f"🌱 *{escaped(found.names.get(theme, ''))}*"
        if written := thread_lines(found, theme, words):
            paragraph = "\n".join([paragraph, *written])
            helped = True
        for sentence in said:
            line = _line(sentence, escaped(without_steering(sentence.text)), words)
            told_lines = [promise_line(told, words) for told in found.promised.get(sentence.id, ())]
            line = "\n".join([line, *told_lines])
            if len(line) > PARAGRAPH:  # mostly signs that mrkdwn writes out: plain text holds them as they are
                blocks += [section(paragraph)] if paragraph else []
                blocks += [_plain(piece) for piece in pieces(_line(sentence, without_steering(sentence.text), words))]
                paragraph = ""
            elif len(paragraph) + len(line) + 2 > PARAGRAPH:
                blocks.append(section(paragraph))
                paragraph = line
            else:
                paragraph = f"{paragraph}\n{line}" if paragraph else line
        blocks += [section(paragraph)] if paragraph else []
    blocks += [context(words("writing.with_ai"))] if helped else []
    named = [escaped(found.names.get(theme, "")) for theme in shown]
    text = words("digest.details", themes=words.list(named)) if named else words("digest.due")
    return text, blocks


def withdrawn(words: Words) -> tuple[str, list[Block]]:
    """What takes the place of a message of which everything was withdrawn."""
    text = words("digest.withdrawn")
    return text, [context(text)]


def _sentence(
    found: "Live",
    item: Item,
    sentence: PublishedSentence,
    name: str,
    link: str | None,
    number: int,
    words: Words,
) -> list[Block]:
    if item.kind is ItemKind.QUESTION:
        head = f"❓ *{words('digest.question', theme=name)}*"
    elif item.kind is ItemKind.OFFER:
        head = f"🙋 *{words('digest.offer', theme=name)}*"
    else:
        head = f"🌱 *{name}* · {_groups(found, item, sentence, words)}"
    text = f"{head}\n{_quoted(escaped(without_steering(sentence.text)))}"
    if sentence.id in found.points:
        text += f"\n{point_line(found.points[sentence.id], words)}"
    says = words("digest.read_says", theme=name)
    read = (
        button(words("digest.read"), f"digest.read:{number}", sentence.article, says=says, url=link) if link else None
    )
    if item.kind is not ItemKind.QUESTION:
        return [section(text, read)]
    says = words("digest.know_says", theme=name)
    know = button(words("digest.know"), f"digest.know:{number}", f"{found.digest.id} {sentence.id}", says=says)
    return [section(text), actions(*([read] if read else []), know)]


def point_line(touch: "Touch", words: Words) -> str:
    """Say which point of the region's own agenda a sentence is about."""
    return f"_{words('trail.digest_point' if touch.sure else 'trail.digest_maybe', point=named(touch.point, words))}_"


def _groups(found: "Live", item: Item, sentence: PublishedSentence, words: Words) -> str:
    """How many groups spoke of it; one group that is small enough to point at somebody is not more than that."""
    news = found.news.get(item.theme)
    groups = news.groups if news else 1
    if groups == 1 and attributed(sentence).group_number is None:
        return words("digest.small_group")
    return words.count("digest.groups", groups)


def _poll(poll: DatePoll, link: str | None, number: int, words: Words) -> Drawn:
    """The dates that people are asked for: one line, with the way to the question."""
    asked = words("digest.poll", deadline=words.moment(poll.deadline))
    go = button(words("digest.poll_answer"), f"digest.read:{number}", poll.id, url=link) if link else None
    return words("digest.text_poll"), [section(f"📅 *{asked}*", go)]


def _due(told: Told, number: int, words: Words) -> Drawn:
    """A promise that is to be kept this week."""
    says = f"🙋 *{words('digest.due')}*\n{promise_line(told, words)}"
    return words("digest.due"), [section(says, want_button(told, words, number))]


def _offer(
    sentence: PublishedSentence, told: Told, theme: str, link: str | None, number: int, words: Words
) -> list[Block]:
    """An offer that somebody stands for: who, by when, and a button for who wants it too.

    It says what that person stands for and no word more, though the published sentence may hold more.
    """
    head = words("promises.digest_offer", name=escaped(told.owner_name), theme=theme)
    promise = told.promise
    lines = [head, _quoted(escaped(without_steering(told.words)))]
    if promise.due is not None and promise.stands:
        lines.append(words("promises.digest_due", day=words.day(promise.due)))
    row = [want_button(told, words, number)] if promise.stands else []
    if link:
        says = words("digest.read_says", theme=theme)
        read = button(words("digest.read"), f"digest.read:{number}", sentence.article, says=says, url=link)
        row.append(read)
    return [section("\n".join(lines)), *([actions(*row)] if row else [])]


def _date(item: Item, session: WorkSession, words: Words) -> list[Block]:
    """The date as it is now: one that was told otherwise has moved, and one that is off says so."""
    when = words.period(session.starts_at, session.ends_at)
    moved = item.kind is ItemKind.MOVED or item.subject != date_subject(session)
    if session.state is State.CANCELLED:
        return [section(f"📅 *{words('digest.cancelled', when=when)}*{name_line(session, words)}")]
    head = words("digest.moved", when=when) if moved else words("digest.date", when=when)
    return [section(f"📅 *{head}*{name_line(session, words)}"), answers(session, words)]


def _point(item: Item, name: str, words: Words) -> str:
    if item.kind is ItemKind.QUESTION:
        return words("digest.text_question", theme=name)
    return words("digest.text_offer", theme=name) if item.kind is ItemKind.OFFER else name


def _line(sentence: PublishedSentence, text: str, words: Words) -> str:
    said = _quoted(text)
    if sentence.part is not Part.BODY:
        said = words(f"digest.line_{sentence.part}", text=said)
    where = attributed(sentence).group_number
    return f"{said} · {words('digest.group', number=where) if where else words('digest.small_group')}"


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
