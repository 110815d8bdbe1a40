"""The question whether the record is right, and everything around it: objecting, earlier versions, what waits."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block, Option, OverflowMenuElement, PlainTextInputElement
from slack_sdk.models.views import View

from bot.impressions import (
    LONGEST_REASON,
    PARTS,
    Impression,
    SignOffState,
    Standing,
    Version,
    changed_parts,
)
from bot.selection import Group
from bot.steering import without_steering
from bot.worksessions import WorkSession
from handlers.views.frame import actions, button, context, cut, escaped, field, form, option, section
from handlers.views.impressions_form import Filling, change_form
from handlers.views.pages import pieces
from handlers.words import Words

START = 80
"""Characters of a record by which people recognise it."""
SHOWN = 400
"""Characters of a part that a list of versions shows."""
OBJECTIONS_AT_HOME = 5
"""So many objections are read out on a Home; the message about them has more."""
MOST_BLOCKS = 95
"""A form takes 100 blocks."""


def until(session: WorkSession, standing: Standing, words: Words) -> str:
    """Say until when people can answer, as the clock stands where the session was."""
    return moment(standing.until, words.in_zone(session.timezone))


def moment(at: datetime, words: Words) -> str:
    """A day and a time without the year: answering never takes longer than a few days."""
    return f"{words.day(at)}, {words.time(at)}"


def start_of(impression: Impression) -> str:
    """The first words of a record, safe in mrkdwn."""
    return escaped(cut(" ".join(without_steering(impression.contents.takeaway).split()), START))


def card(
    session: WorkSession,
    group: Group,
    impression: Impression,
    standing: Standing,
    names: Mapping[str, str],
    words: Words,
) -> tuple[str, list[Block]]:
    """Ask the group whether its record is right, and show where that stands: how many, never who was silent."""
    if impression.withdrawn_at is not None or impression.group != group.id:
        gone = words("impressions.sign.withdrawn")
        return gone, [context(gone)]
    by = when = until(session, standing, words)
    counts = {"yes": len(standing.agreed), "all": len(standing.asked)}
    rule = words(f"impressions.sign.silence_{standing.silence.value}")
    if standing.state is SignOffState.OPEN:
        text = words("impressions.sign.question", until=by)
        lines = [f"*{words('impressions.sign.ask')}* {text} {rule}", words("impressions.sign.count", **counts)]
    elif standing.alone and standing.state is SignOffState.AGREED:
        text = words("impressions.sign.alone")
        lines = [text]
    elif standing.state is SignOffState.OBJECTED:
        text = words.count("impressions.sign.objected", len(standing.objections))
        lines = [text, words("impressions.sign.count", **counts)]
        if not standing.over:
            # No word of silence here: as long as somebody objects, it does not count as a yes.
            lines.insert(1, words("impressions.sign.question", until=by))
    elif standing.state is SignOffState.WAITING:
        text = words("impressions.sign.waiting", until=when, **counts)
        lines = [text]
    elif counts["yes"] == counts["all"]:
        text = words("impressions.sign.agreed")
        lines = [text, words("impressions.sign.count", **counts)]
    else:
        text = words("impressions.sign.agreed_silence", until=when, **counts)
        lines = [text]
    about = words("impressions.sign.about", name=escaped(names.get(impression.author, "")), start=start_of(impression))
    if impression.changed_by:
        by = escaped(names.get(impression.changed_by, ""))
        about = f"{about}\n{words('impressions.sign.changed_by', name=by)}"
    blocks: list[Block] = [section("\n".join(lines)), context(about), _row(impression, standing, words)]
    return text, blocks


def _row(impression: Impression, standing: Standing, words: Words) -> Block:
    value = f"{impression.id}:{impression.version}"
    settled = standing.state is SignOffState.AGREED
    options: list[Option] = []
    if settled and not standing.alone:
        options.append(option(words("impressions.sign.no_after_all"), f"object:{value}"))
    if settled:
        options.append(option(words("impressions.sign.correct"), f"correct:{value}"))
    options.append(option(words("impressions.sign.versions"), f"versions:{value}"))
    if impression.contents.quote.strip() and not impression.quote_by:
        options.append(option(words("impressions.sign.my_quote"), f"quote:{value}"))
    menu = OverflowMenuElement(action_id="impressions.sign_more", options=options)
    if settled:
        return actions(menu)
    return actions(
        button(words("impressions.sign.yes"), "impressions.agree", value),
        button(words("impressions.sign.correct"), "impressions.correct", value),
        button(words("impressions.sign.no"), "impressions.object", value),
        menu,
    )


def objection_form(group: Group, impression: Impression, words: Words) -> View:
    """Ask what is not right, and say who reads it."""
    element = PlainTextInputElement(action_id="reason", multiline=True, max_length=LONGEST_REASON, focus_on_load=True)
    return form(
        words,
        "impressions.object",
        words("impressions.sign.object_title"),
        [
            context(words("impressions.sign.about_group", group=group.number, start=start_of(impression))),
            field("reason", words("impressions.sign.reason"), element, hint=words("impressions.sign.reason_hint")),
        ],
        submit=words("impressions.sign.object"),
        metadata={"impression": impression.id, "version": str(impression.version)},
    )


def correction_form(
    session: WorkSession, group: Group, impression: Impression, words: Words, filling: Filling | None
) -> View:
    """The form that the record was shared with, for anybody of its group."""
    view = change_form(session, group, impression, words, filling)
    view.callback_id = "impressions.correct"
    return view


def objections(
    session: WorkSession,
    group: Group,
    impression: Impression,
    standing: Standing,
    names: Mapping[str, str],
    words: Words,
) -> tuple[str, list[Block]]:
    """Tell the author or the facilitator who objects and why; empty of words once nobody does."""
    if impression.withdrawn_at is not None or not standing.objections:
        text = words("impressions.sign.no_objections", group=group.number)
        return text, [section(text)]
    text = words("impressions.sign.objects", group=group.number)
    blocks: list[Block] = [section(text)]
    for one in standing.objections[:20]:
        blocks.append(section(reason(names.get(one.user, ""), one.reason, words)))
    value = f"{impression.id}:{impression.version}"
    blocks += [
        actions(button(words("impressions.sign.correct"), "impressions.correct", value)),
        context(words("impressions.sign.objects_rule")),
    ]
    return text, blocks


def reason(name: str, why: str, words: Words) -> str:
    """An objection in one line; safe in mrkdwn."""
    return words("impressions.sign.reason_line", name=escaped(name), reason=escaped(" ".join(why.split())))


def corrected(group: Group, impression: Impression, by: str, link: str | None, words: Words) -> tuple[str, list[Block]]:
    """Tell the author that somebody of the group changed the record."""
    text = words("impressions.sign.corrected", name=escaped(by), group=group.number)
    if impression.withdrawn_at is not None:
        return text, [section(text)]
    more = f"\n<{link}|{words('impressions.sign.to_card')}>" if link else ""
    return text, [section(f"{text}{more}"), context(words("impressions.sign.corrected_rule"))]


def versions(found: Sequence[Version], names: Mapping[str, str], words: Words) -> View:
    """Every version, newest first: who, when, and what was changed by it."""
    blocks: list[Block] = []
    pairs = list(zip([None, *found[:-1]], found, strict=True))
    for before, after in reversed(pairs):
        who = escaped(names.get(after.by, ""))
        head = words("impressions.sign.version", number=after.number, name=who, at=words.stamp(after.at))
        parts = changed_parts(before.contents, after.contents) if before else []
        lines = [f"*{head}*"]
        for part in parts or [p for p in PARTS if before is None and getattr(after.contents, p).strip()]:
            new = cut(" ".join(str(getattr(after.contents, part)).split()), SHOWN)
            lines.append(f"_{words(f'impressions.part.{part}')}_")
            if before is not None:
                old = cut(" ".join(str(getattr(before.contents, part)).split()), SHOWN)
                lines.append(words("impressions.sign.was", text=escaped(old) or "–"))
                lines.append(words("impressions.sign.became", text=escaped(new) or "–"))
            else:
                lines.append(escaped(new))
        blocks += [section(piece) for piece in pieces("\n".join(lines))]
    return form(words, "frame.notice", words("impressions.sign.versions"), blocks[:MOST_BLOCKS], submit=None)


def objected(
    group: Group, impression: Impression, standing: Standing, names: Mapping[str, str], words: Words
) -> list[Block]:
    """An objection that waits for the author or the facilitator, for their Home."""
    said = [reason(names.get(one.user, ""), one.reason, words) for one in standing.objections[:OBJECTIONS_AT_HOME]]
    lines = [words("impressions.sign.objection_waits", group=group.number), *said]
    value = f"{impression.id}:{impression.version}"
    return [
        section("\n".join(lines)),
        actions(button(words("impressions.sign.correct"), "impressions.correct", value)),
    ]


def waiting(
    session: WorkSession, group: Group, impression: Impression, standing: Standing, link: str | None, words: Words
) -> list[Block]:
    """A record that waits for this person's answer, for their Home."""
    text = words("impressions.sign.waits", group=group.number, until=until(session, standing, words))
    to = f"\n<{link}|{words('impressions.sign.to_card')}>" if link else ""
    value = f"{impression.id}:{impression.version}"
    return [
        section(f"{text}\n“{start_of(impression)}”{to}"),
        actions(
            button(words("impressions.sign.yes"), "impressions.agree", value, green=True),
            button(words("impressions.sign.correct"), "impressions.correct", value),
            button(words("impressions.sign.no"), "impressions.object", value),
        ),
    ]
