"""An introduction on screen: in the digest, in the form that shows first what will be asked, and to the two people."""

from typing import TYPE_CHECKING

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.article import Part
from bot.introductions import Basis, Introduction, State
from bot.steering import without_steering
from handlers.views.frame import actions, button, context, escaped, form, person, quoted, section
from handlers.words import Words

if TYPE_CHECKING:
    from handlers.introductions.telling import Side, Told

Said = tuple[str, list[Block]]
HEADS = {Part.EXAMPLE: "introductions.example", Part.OFFER: "introductions.offer"}


def item(told: "Told", words: Words) -> Said:
    """The item of a digest: the region's own question, what another said, and the button while nobody asked."""
    region = escaped(told.answering.name)
    heading = HEADS.get(told.answer.part, "introductions.spoke") if told.answer.part else "trail.meet_head"
    head = words(heading, region=region)
    text = "\n".join(
        [
            f"❓ *{head}*",
            words(_key("your_question", told.question, words), text=_said(told.question.text)),
            words(_key("their_answer", told.answer, words), text=_said(told.answer.text)),
        ]
    )
    found = told.introduction
    blocks: list[Block] = [section(text)]
    if found.state is State.PROPOSED:
        says = words("introductions.connect_says", region=told.answering.name)
        blocks.append(actions(button(words("introductions.connect"), "introductions.show", found.id, says=says)))
    elif found.state is not State.TAKEN_BACK:
        blocks.append(context(words("introductions.wanted")))
    return words("introductions.text", region=region), blocks


def form_(told: "Told", words: Words) -> View:
    """What one person of the other region will read, word for word, before it is sent."""
    return _form(told, "introductions.ask", {"id": told.introduction.id}, words)


def begin_form(told: "Told", words: Words) -> View:
    """The same for two entries of the trail, of which nothing is kept before it is handed in."""
    return _form(told, "introductions.begin", {"question": told.question.id, "answer": told.answer.id}, words)


def _form(told: "Told", name: str, metadata: dict[str, str], words: Words) -> View:
    region = escaped(told.answering.name)
    blocks: list[Block] = [
        section(words(_key("form_intro", told.answer, words), region=region)),
        *(section(_indented(line)) for line in _question(told, words)),
        context(words("introductions.form_after")),
    ]
    title, submit = words("introductions.connect"), words("introductions.form_submit")
    return form(words, name, title, blocks, submit=submit, metadata=metadata)


def sent(told: "Told", words: Words) -> View:
    """Say that it was put to the other side, and until when."""
    text, blocks = asked(told.introduction, told, words)
    return form(words, "frame.notice", words("introductions.connect"), blocks or [section(text)], submit=None)


def asked(found: Introduction, told: "Told | None", words: Words) -> Said:
    """To who asked, as it stands; of a no nothing is seen here before the deadline."""
    if found.state is State.TAKEN_BACK:
        return _line(words("introductions.taken_back"))
    if found.state is State.MET:
        return _line(words("introductions.both_yes"))
    if told is None or found.deadline is None or found.state not in (State.ASKED, State.DECLINED):
        return _line(words(_nothing(found)))
    text = words("introductions.on_its_way", region=escaped(told.answering.name), day=words.day(found.deadline))
    blocks: list[Block] = [
        section(text),
        section(_indented(words(_key("your_question", told.question, words), text=_said(told.question.text)))),
        actions(button(words("introductions.back"), "introductions.back", found.id)),
    ]
    return text, blocks


def ask(told: "Told", words: Words) -> Said:
    """To one person of the other region: both texts, what happens next, yes and no."""
    lines = _question(told, words)
    heading = _key("ask_text", told.question, words)
    return words(heading, region=escaped(told.asking.name)), [
        *(section(line) for line in lines),
        context(words("introductions.ask_after")),
        _yes_no(told, words),
    ]


def waiting(told: "Told", words: Words) -> list[Block]:
    """The same question on somebody's Home."""
    return [section("\n".join(_question(told, words))), _yes_no(told, words)]


def answered(found: Introduction, told: "Told | None", words: Words) -> Said:
    """To who was asked, afterwards: their own answer, or that nothing is asked any more."""
    if found.state is State.MET:
        return _line(words("introductions.you_said_yes"))
    if found.refused and found.state in (State.DECLINED, State.CLOSED):
        return _line(words("introductions.you_said_no"))
    return _line(words("introductions.no_longer"))


def met(told: "Told | None", other: str, asked_first: bool, words: Words) -> Said:
    """Who the other is, with what brought them together; nothing is told of anybody but a mention."""
    who = person(other)
    if told is None:
        return words("introductions.met_text"), [section(words("introductions.met_plain", person=who))]
    region = escaped((told.answering if asked_first else told.asking).name)
    blocks: list[Block] = [
        section(words("introductions.met", person=who, region=region)),
        section(_indented(words(_key("question", told.question, words), text=_said(told.question.text)))),
        section(_indented(words(_key("their_answer", told.answer, words), text=_said(told.answer.text)))),
        context(words("introductions.met_after")),
    ]
    return words("introductions.met_text"), blocks


def over(found: Introduction, told: "Told | None", words: Words) -> Said:
    """It did not come about; not by whom."""
    text = words(_nothing(found))
    if told is None:
        return _line(text)
    mine = _indented(words(_key("your_question", told.question, words), text=_said(told.question.text)))
    return text, [section(text), section(mine)]


def _question(told: "Told", words: Words) -> list[str]:
    asking = escaped(told.asking.name)
    return [
        words(_key("ask_question", told.question, words), region=asking, text=_said(told.question.text)),
        words(_key("ask_answer", told.answer, words), text=_said(told.answer.text)),
        words("introductions.ask", region=asking),
    ]


def _yes_no(told: "Told", words: Words) -> Block:
    found = told.introduction
    return actions(
        button(words("introductions.yes"), "introductions.yes", found.id, green=True),
        button(words("introductions.no"), "introductions.no", found.id),
    )


def _key(what: str, side: "Side", words: Words) -> str:
    """The sentence around what one side said: an entry of the trail has its own, some kinds of them again."""
    if side.kind is None:
        return f"introductions.{what}"
    own = f"trail.meet_{what}_{side.kind.value}"
    return own if words.knows(own) else f"trail.meet_{what}"


def _nothing(found: Introduction) -> str:
    return "trail.meet_nothing" if found.basis is Basis.TRAIL else "introductions.came_to_nothing"


def _line(text: str) -> Said:
    return text, [section(text)]


def _said(text: str) -> str:
    return quoted(escaped(without_steering(text)))


def _indented(text: str) -> str:
    return f">{text}"
