"""The form for what a group takes along, its post in the group's thread, and the short answers around it."""

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import Block, PlainTextInputElement, StaticSelectElement
from slack_sdk.models.views import View

from bot.impressions import LONGEST, PARTS, Contents, Impression
from bot.programme import Member, Role
from bot.selection import Group
from bot.worksessions import WorkSession
from handlers.views.frame import actions, button, context, cut, escaped, field, form, option, plain, section
from handlers.views.pages import paginate, paragraphs
from handlers.views.privacy import involved_field
from handlers.views.selection_groups import title
from handlers.words import Words

SIGNS = {"quote": "💬 ", "question": "❓ ", "offer": "🙋 "}
"""One sign for what one sign is known for; the other parts have only their label."""


def share_form(
    choices: Sequence[tuple[WorkSession, Group]],
    words: Words,
    *,
    metadata: Mapping[str, str],
    contents: Contents | None = None,
    shortened: bool = False,
) -> View:
    """The form in which a group's impression is shared, with the words that are there already."""
    blocks: list[Block] = [_group_field(choices, words)]
    if shortened:
        blocks.append(context(words("impressions.shortened", most=LONGEST)))
    blocks += _parts(contents or Contents(""), words)
    return form(
        words,
        "impressions.share",
        words("impressions.form_title"),
        blocks,
        submit=words("impressions.submit"),
        metadata=metadata,
    )


def change_form(session: WorkSession, group: Group, impression: Impression, words: Words) -> View:
    """The same form, for what was shared before."""
    return form(
        words,
        "impressions.change",
        words("impressions.form_title"),
        [section(_about(session, group, words)), *_parts(impression.contents, words)],
        submit=words("worksessions.save"),
        metadata={"impression": impression.id},
    )


def _group_field(choices: Sequence[tuple[WorkSession, Group]], words: Words) -> Block:
    if len(choices) == 1:
        return section(_about(*choices[0], words))
    options = [
        option(cut(f"{title(session, group, words)} · {words.day(session.starts_at)}", 75), group.id)
        for session, group in choices[:100]
    ]
    select = StaticSelectElement(
        action_id="group", options=options, placeholder=plain(words("selection.move_choose")), initial_option=options[0]
    )
    return field("group", words("impressions.which_group"), select)


def _about(session: WorkSession, group: Group, words: Words) -> str:
    return words("impressions.about", group=escaped(title(session, group, words)), day=words.day(session.starts_at))


def _parts(contents: Contents, words: Words) -> list[Block]:
    blocks: list[Block] = []
    for part in PARTS:
        first = part == "takeaway"
        element = PlainTextInputElement(
            action_id=part,
            multiline=True,
            max_length=LONGEST,
            initial_value=str(getattr(contents, part)) or None,
            placeholder=plain(words("impressions.example"), 150) if first else None,
            focus_on_load=True if first else None,
        )
        hint = words("impressions.takeaway_hint") if first else ""
        blocks.append(field(part, words(f"impressions.part.{part}"), element, hint=hint, optional=not first))
    return [*blocks, involved_field(words)]


def post(group: Group, impression: Impression, author: Member, words: Words) -> tuple[str, list[list[Block]]]:
    """What the group reads in its thread, in as many messages as it takes; empty of words when it was withdrawn."""
    heading = words(f"impressions.by_{_role(group, author)}", name=escaped(author.name), group=group.number)
    if impression.withdrawn_at is not None:
        gone = words("impressions.withdrawn", heading=heading)
        return gone, [[context(gone)]]
    body: list[Block] = []
    for part in PARTS:
        text = impression.text(part)
        if text.strip():
            label = "" if part == "takeaway" else f"*{words(f'impressions.part.{part}')}*\n"
            body += paragraphs(f"{SIGNS.get(part, '')}{label}{escaped(text)}")
    pages = paginate([section(f"*{heading}*")], body, [])
    return words("impressions.post_text", heading=heading), pages


def _role(group: Group, author: Member) -> str:
    if author.user == group.facilitator:
        return "facilitator"
    if Role.NOTE_TAKER in author.roles:
        return "note_taker"
    return "coordinator" if author.coordinates else "member"


def shared(group: Group, impression: Impression, too_late: bool, words: Words) -> tuple[str, list[Block]]:
    """Tell the author that it is shared, with a way to change it."""
    if impression.withdrawn_at is not None:
        text = words("impressions.withdrawn_own", group=group.number)
        return text, [section(text)]
    text = words("impressions.shared" if impression.version == 1 else "impressions.changed", group=group.number)
    blocks: list[Block] = [
        section(text),
        actions(button(words("impressions.change"), "impressions.change", impression.id)),
        context(words("impressions.change_until")),
    ]
    if too_late:
        blocks.append(context(words("impressions.after_publication")))
    return text, blocks


def kept_reply(group: Group, impression: Impression, words: Words) -> tuple[str, list[Block]]:
    """Tell who replied in the thread that the reply is kept, with a way out."""
    text = words("impressions.kept", group=group.number)
    return text, [section(text), actions(button(words("impressions.decline"), "impressions.decline", impression.id))]
