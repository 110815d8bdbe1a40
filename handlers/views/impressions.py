"""What a group took along as its thread reads it, and the short answers around it."""

from slack_sdk.models.blocks import Block, ConfirmObject

from bot.impressions import PARTS, Impression, Source
from bot.programme import Member, Role
from bot.selection import Group
from handlers.views.frame import actions, button, context, escaped, plain, section
from handlers.views.impressions_consent import whose
from handlers.views.pages import paginate, paragraphs
from handlers.words import Words

SIGNS = {"quote": "💬 ", "question": "❓ ", "offer": "🙋 "}
"""One sign for what one sign is known for; the other parts have only their label."""


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
    direct = impression.source is Source.DIRECT
    first = "impressions.kept_direct" if direct else "impressions.shared"
    text = words(first if impression.version == 1 else "impressions.changed", group=group.number)
    change = button(words("impressions.change"), "impressions.change", impression.id)
    label = words("impressions.decline" if direct else "impressions.take_back")
    no = button(label, "impressions.decline", impression.id)
    if not direct:  # typed in a form, so that the words are nowhere else
        no.confirm = ConfirmObject(
            title=plain(words("impressions.take_back_title"), 100),
            text=plain(words("impressions.take_back_sure", group=group.number), 300),
            confirm=plain(words("impressions.take_back"), 30),
            deny=plain(words("impressions.take_back_not"), 30),
        )
    blocks: list[Block] = [
        section(_with_gap(text, impression, words)),
        actions(change, no),
        context(words("impressions.change_until")),
    ]
    blocks += whose(impression, words)
    if too_late:
        blocks.append(context(words("impressions.after_publication")))
    return text, blocks


def kept_reply(group: Group, impression: Impression, words: Words) -> tuple[str, list[Block]]:
    """Tell who replied in the thread that the reply is kept, with a way out."""
    text = _with_gap(words("impressions.kept", group=group.number), impression, words)
    return text, [section(text), actions(button(words("impressions.decline"), "impressions.decline", impression.id))]


def _with_gap(text: str, impression: Impression, words: Words) -> str:
    """A message can name everything but the one thing that a form requires."""
    return text if impression.contents.takeaway.strip() else f"{text}\n{words('impressions.no_takeaway')}"
