"""Good examples on screen: to look through, in their own window, in the channel of a region, and in a digest."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import (
    Block,
    PlainTextInputElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.harvest import Theme
from bot.programme import Region
from bot.trail import Entry, Kind, State
from bot.trail.examples import users
from handlers.views.frame import (
    INPUT_LENGTH,
    actions,
    button,
    context,
    cut,
    escaped,
    field,
    form,
    option,
    plain,
    section,
)
from handlers.words import Words

Draw = Callable[[Words], list[Block]]
Said = tuple[str, list[Block]]
WINDOW = "trail.examples"
MOST, MOST_CHOICES = 30, 99
LINE, TOLD = 200, 700


@dataclass(frozen=True)
class Shown:
    """An example as somebody sees it. `mine` is how their own region uses it, `uses` says that it could; `free` are
    the regions to which who looks can send it, `sent` the names of those that have it. `keeps` says that it is of their
    own region, `contact` whom to ask, where that person said yes."""

    example: Entry
    names: Mapping[str, str]
    mine: Entry | None
    uses: bool
    vouches: bool
    says_yes: bool
    keeps: bool
    contact: str
    sent: Sequence[str]
    free: Sequence[Region]


def window(
    found: Sequence[Entry], names: Mapping[str, str], themes: Sequence[Theme], words_: str, theme: str, words: Words
) -> View:
    """Examples of everybody, with what to look by; each with how many use it, and never one region above another."""
    typed = PlainTextInputElement(action_id="words", initial_value=words_ or None, max_length=LINE)
    blocks: list[Block] = [field("words", words("trail.examples.words"), typed, optional=True)]
    if themes:
        options = [option(cut(each.name, 75), each.id) for each in themes[:MOST_CHOICES]]
        chosen = next((each for each in options if each.value == theme), None)
        select = StaticSelectElement(action_id="theme", options=options, initial_option=chosen)
        blocks.append(field("theme", words("trail.examples.theme"), select, optional=True))
    blocks.append(context(words.count("trail.examples.found", len(found))))
    for each in found[:MOST]:
        look = button(words("trail.open"), f"trail.entry:{each.id}", each.id)
        blocks.append(section(_line(each, names, words), look))
    if len(found) > MOST:
        blocks.append(context(words.count("trail.more", len(found) - MOST)))
    if not found:
        looked = bool(words_.strip() or theme)
        blocks.append(section(words("trail.examples.none" if looked else "trail.examples.nothing_yet")))
    return form(words, WINDOW, words("trail.examples.title"), blocks, submit=words("trail.examples.look"))


def _line(each: Entry, names: Mapping[str, str], words: Words) -> str:
    told = [escaped(names.get(each.region or "", "…"))]
    if used := len(users(each)):
        told.append(words.count("trail.examples.used", used))
    if each.made_at:
        told.append(words.month(each.made_at))
    return f"*{escaped(cut(' '.join(each.title.split()), LINE))}*\n{' · '.join(told)}"


def not_shared(number: int, words: Words) -> list[Block]:
    """How many of a region's own are read by nobody else yet, and what that takes."""
    return [context(words.count("trail.examples.not_shared", number))] if number else []


def all_of_them(words: Words) -> list[Block]:
    """The way to the examples of everybody."""
    return [actions(button(words("trail.examples.all"), "trail.examples"))]


def on_entry(shown: Shown, words: Words) -> list[Block]:
    """Who uses it too and what they changed, and what who looks can do with it."""
    one = shown.example
    blocks: list[Block] = []
    if shown.keeps and one.state is State.KEPT:
        blocks.append(context(words("trail.examples.waits_you" if shown.says_yes else "trail.examples.waits")))
    if shown.contact:
        blocks.append(context(words("trail.examples.ask", name=escaped(shown.contact))))
    if number := len(users(one)):
        regions = words.list([shown.names.get(each, "…") for each in sorted(users(one))[:8]])
        blocks.append(context(f"{words.count('trail.examples.used', number)}: {escaped(regions)}"))
    told = [
        f"*{escaped(shown.names.get(each.region or '', '…'))}*: {escaped(cut(each.title, 300))}"
        for each in one.under(Kind.ADOPTION)
        if each.title
    ]
    if told:
        blocks.append(section("\n".join(told[:8])))
    row = []
    if shown.vouches:
        row.append(button(words("trail.examples.vouch"), "trail.vouch", one.id, green=True))
    if shown.uses and shown.mine is not None:
        row.append(button(words("trail.examples.tell"), "trail.use", one.id))
        row.append(button(words("trail.examples.unuse"), "trail.unuse", one.id))
    if row:
        blocks.append(actions(*row))
    if shown.free:
        options = [option(each.name, f"{one.id} {each.id}") for each in shown.free[:MOST_CHOICES]]
        choice = StaticSelectElement(
            action_id="trail.send_example", options=options, placeholder=plain(words("trail.examples.send_to"))
        )
        blocks.append(section(words("trail.examples.send"), choice))
    if shown.sent:
        blocks.append(context(words("trail.examples.sent", names=escaped(words.list(shown.sent)))))
    return blocks


def use(found: Entry, mine: Entry | None, words: Words, *, below: str) -> View:
    """What a region changed about an example that it uses too."""
    element = PlainTextInputElement(
        action_id="changed", multiline=True, max_length=INPUT_LENGTH, initial_value=(mine.title if mine else "") or None
    )
    blocks: list[Block] = [
        section(f"*{escaped(cut(' '.join(found.title.split()), LINE))}*"),
        field("changed", words("trail.title_adoption"), element, hint=words("trail.examples.use_hint"), optional=True),
    ]
    metadata = {"entry": found.id, "region": found.region or "", "part": "examples", "below": below}
    submit = words("worksessions.save")
    return form(words, "trail.use", words("trail.examples.use"), blocks, submit=submit, metadata=metadata)


def posted(found: Entry, region: Region | None, contact: str, words: Words) -> Said:
    """An example in the channel of another region, whole, with whom to ask where that person said yes."""
    text = words("trail.examples.from", region=escaped(region.name if region else "…"))
    blocks: list[Block] = [section(f"{text}\n*{escaped(cut(' '.join(found.title.split()), LINE))}*")]
    for name in ("what", "for_whom", "success", "failure"):
        if found.text(name):
            label = words(f"trail.field_{name}")
            blocks.append(section(f"*{label}*\n{escaped(cut(found.text(name), TOLD))}"))
    if contact:
        blocks.append(context(words("trail.examples.ask", name=escaped(contact))))
    row = [
        button(words("trail.examples.use"), "trail.use", found.id),
        button(words("trail.open"), "trail.entry", found.id),
    ]
    return text, [*blocks, actions(*row)]


def taken_back(words: Words) -> Said:
    """An example that is no longer shared."""
    text = words("trail.examples.gone")
    return text, [context(text)]


def in_digest(found: Entry, region: Region | None, words: Words) -> Said:
    """The one line of a digest, with the way to the whole example."""
    name = escaped(region.name if region else "…")
    text = words("trail.examples.digest", region=name, title=escaped(cut(" ".join(found.title.split()), LINE)))
    look = button(words("trail.open"), "trail.entry", found.id)
    return words("trail.examples.from", region=name), [section(text, look)]
