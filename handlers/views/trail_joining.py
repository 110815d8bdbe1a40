"""Joining on screen: what is still to do and until when, signatures, the decision, and the register of declarations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block, ButtonElement, PlainTextInputElement, StaticSelectElement
from slack_sdk.models.views import View

from bot.trail import Entry, Kind
from bot.trail.joining import Missing
from handlers.views.frame import actions, button, context, cut, escaped, field, form, option, quoted, section
from handlers.views.trail_lines import LONG_LINE, line_of, said
from handlers.words import Words

Said = tuple[str, list[Block]]
MOST = 8
MOST_CRITERIA = 12
CRITERION = 200


@dataclass(frozen=True)
class Standing:
    """How far an application is. `unasked` parties are in the workspace and got no message yet."""

    entry: Entry
    missing: Sequence[Missing]
    criteria: Sequence[tuple[Entry, bool | None]]
    closes: date | None
    today: date
    unasked: int
    decides: bool


def to_do(missing: Sequence[Missing], words: Words) -> str:
    """What is still to do, in one line: "nog te doen: handtekening van 2 partijen, indicator"."""
    named = [
        words.count(f"trail.joining_{each.what}", each.count)
        if each.what in ("parties", "against")
        else words(f"trail.joining_{each.what}")
        for each in missing
    ]
    return words("trail.joining_to_do", what=words.list(named)) if named else words("trail.joining_complete")


def countdown(closes: date, today: date, words: Words) -> str:
    """Until when, and how many days that is."""
    left = (closes - today).days
    day = words.calendar_date(closes)
    if left < 0:
        return words("trail.joining_closed_on", day=day)
    return words.count("trail.joining_days", left, day=day) if left else words("trail.joining_today", day=day)


def application(state: Standing, words: Words) -> list[Block]:
    """What an application misses and until when, who signed, and the buttons that bring it on."""
    one = state.entry
    standing = one.text("standing") or "draft"
    row = []
    if standing == "draft":
        lines = [to_do(state.missing, words)]
        if state.closes is not None:
            lines.append(countdown(state.closes, state.today, words))
        if state.unasked:
            ask = words.count("trail.joining_ask", state.unasked)
            row.append(button(ask, "trail.ask_parties", one.id))
        if not state.missing and (state.closes is None or state.closes >= state.today):
            row.append(button(words("trail.joining_hand_in"), "trail.hand_in", one.id, green=True))
    else:
        lines = [words(f"trail.joining_is_{standing}")]
        if standing in ("accepted", "declined"):
            lines = [_decided(one, words)]
        if state.decides:
            row.append(button(words("trail.joining_decide"), "trail.decide", one.id, green=standing == "handed_in"))
    parties = one.under(Kind.PARTY)
    if parties:
        agreed = sum(each.text("standing") == "agreed" for each in parties)
        lines.append(words("trail.joining_signed", done=agreed, all=len(parties)))
    asks = [criteria(state.criteria, words)] if state.criteria else []
    return [section("\n".join(lines)), *asks, *([actions(*row)] if row else [])]


def criteria(found: Sequence[tuple[Entry, bool | None]], words: Words) -> Block:
    """What the framework asks, in its own words, each with whether it is there."""
    marks = {True: "✓", False: "○"}
    lines = [
        f"{marks[met]} {_criterion(each)}"
        if met is not None
        else f"• {_criterion(each)} {words('trail.criterion_judged')}"
        for each, met in found[:MOST_CRITERIA]
    ]
    more = [words.count("trail.more", len(found) - MOST_CRITERIA)] if len(found) > MOST_CRITERIA else []
    return section("\n".join([f"*{words('trail.criteria_checked')}*", *lines, *more]))


def _criterion(one: Entry) -> str:
    return escaped(cut(" ".join(one.title.split()), CRITERION))


def _decided(one: Entry, words: Words) -> str:
    key = f"trail.joining_was_{one.text('standing')}"
    return words(key, day=said(one, "decided_on", words), contact=said(one, "contact", words))


def party(one: Entry, words: Words) -> list[Block]:
    """What a party can answer, for who may say so."""
    now = one.text("standing") or "asked"
    return [actions(*(_sign(each, one, words) for each in ("agreed", "against", "asked") if each != now))]


def _sign(standing: str, one: Entry, words: Words) -> ButtonElement:
    says = words(f"trail.sign_says_{standing}", name=" ".join(one.title.split()))
    return button(
        words(f"trail.sign_{standing}"), f"trail.sign:{standing}", f"{standing} {one.id}",
        green=standing == "agreed", says=says,
    )  # fmt: skip


def ask(one: Entry, above: Entry, region: str, words: Words) -> Said:
    """To the person of a party: the application in its own words, yes and no."""
    values = {"party": escaped(one.title), "region": escaped(region)}
    name = escaped(cut(above.title, LONG_LINE))
    blocks: list[Block] = [section(words("trail.sign_ask", name=name, **values))]
    blocks += [
        section(f"*{words(f'trail.field_{name}')}*\n{quoted(escaped(cut(above.text(name), 600)))}")
        for name in ("question", "approach", "result", "indicator")
        if above.text(name)
    ]
    blocks += [
        context(words("trail.sign_after")),
        actions(*(_sign(each, one, words) for each in ("agreed", "against"))),
    ]
    return words("trail.sign_text", **values), blocks


def signed(one: Entry, words: Words) -> Said:
    """What a party said, as it stands."""
    standing = one.text("standing") or "asked"
    text = words(f"trail.signed_{standing}", party=escaped(one.title))
    blocks: list[Block] = [section(text)]
    if standing != "asked":
        blocks.append(actions(*(_sign(each, one, words) for each in ("agreed", "against") if each != standing)))
    return text, blocks


def no_longer(words: Words) -> Said:
    """The question is not there any more."""
    return words("trail.sign_gone"), [section(words("trail.sign_gone"))]


def handed_in(one: Entry, region: str, words: Words) -> Said:
    """To the coordinator: an application waits for a decision."""
    text = words("trail.handed_in", region=escaped(region), name=escaped(cut(one.title, LONG_LINE)))
    look = button(words("trail.open"), "trail.entry", one.id, says=words("trail.open_says", name=one.title))
    decide = button(words("trail.joining_decide"), "trail.decide", one.id, green=True)
    return text, [section(text), actions(decide, look)]


def decided(one: Entry, words: Words) -> Said:
    """To a region: what was decided."""
    text = words("trail.decided", name=escaped(cut(one.title, LONG_LINE)), outcome=_decided(one, words))
    look = button(words("trail.open"), "trail.entry", one.id, says=words("trail.open_says", name=one.title))
    return text, [section(text), actions(look)]


def decision(
    code: str, one: Entry, asked: Sequence[tuple[Entry, bool | None]], today: date, words: Words, below: str
) -> View:
    """The form on which the coordinator decides, with what the framework asks."""
    options = [option(words(f"trail.choice_{each}"), each) for each in ("accepted", "declined")]
    chosen = next((each for each in options if each.value == one.text("standing")), options[0])
    contact = one.text("contact") or None
    day = one.text("decided_on") or today.isoformat()
    blocks = [
        section(f"*{escaped(cut(one.title, LONG_LINE))}*"),
        *([criteria(asked, words)] if asked else []),
        field("outcome", words("trail.joining_outcome"),
              StaticSelectElement(action_id="outcome", options=options, initial_option=chosen)),
        field("contact", words("trail.joining_contact"),
              PlainTextInputElement(action_id="contact", initial_value=contact, max_length=200)),
        field("decided_on", words("trail.field_decided_on"),
              PlainTextInputElement(action_id="decided_on", initial_value=day, max_length=20)),
    ]  # fmt: skip
    metadata = {"region": code, "entry": one.id, "part": "joining", "below": below}
    title, submit = words("trail.joining_decide"), words("worksessions.save")
    return form(words, "trail.decide", title, blocks, submit=submit, metadata=metadata)


def register(found: Sequence[tuple[str, Sequence[Entry]]], words: Words) -> list[Block]:
    """What regions or parties declared: how many signed each, who and when."""
    blocks: list[Block] = []
    for what, signed_ in found[:3]:
        told = escaped(cut(what, LONG_LINE)) or words("trail.declared")
        lines = [f"*{told}* · {words.count('trail.declared_by', len(signed_))}"]
        lines += [f"• {line_of(each, words)}" for each in signed_[:MOST]]
        if len(signed_) > MOST:
            lines.append(words.count("trail.more", len(signed_) - MOST))
        blocks.append(section("\n".join(lines)))
    return blocks
