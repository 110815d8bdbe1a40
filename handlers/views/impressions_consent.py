"""Whose words a quote is: the author says so, whoever is quoted decides, and what is taken back is gone."""

from slack_sdk.models.blocks import Block, ButtonElement, ConfirmObject, UserSelectElement
from slack_sdk.models.views import View

from bot.impressions import Impression, QuoteUse
from bot.impressions.consent import USE_OF, Permission, Withdrawal, mark_of
from bot.selection import Group
from bot.worksessions import WorkSession
from handlers.views.frame import actions, button, context, cut, escaped, form, person, plain, section
from handlers.views.pages import paragraphs
from handlers.words import Words

SHORT = 600
"""Characters of a quote that can be answered on the Home."""


def whose(impression: Impression, words: Words) -> list[Block]:
    """For the author: say who said the quote, or leave it in the group, and read what became of the question."""
    if not impression.contents.quote.strip():
        return []
    use, who = impression.quote_use, person(impression.quote_by) if impression.quote_by else ""
    if use is QuoteUse.OPEN:
        said = words("impressions.consent.whose")
    elif use is QuoteUse.KEPT:
        said = words("impressions.consent.stays")
    else:
        said = words(f"impressions.consent.{use.value}", name=who)
    select = UserSelectElement(
        action_id=f"impressions.quote_by:{impression.id}",
        placeholder=plain(words("impressions.consent.choose")),
        initial_user=impression.quote_by or None,
    )
    if use is QuoteUse.KEPT:
        return [section(said), actions(select)]
    stay = button(words("impressions.consent.stay"), "impressions.quote_keep", impression.id)
    return [section(said), actions(select, stay)]


def question(
    impression: Impression, version: int, quote: str, user: str, by: str, words: Words
) -> tuple[str, list[Block]]:
    """Ask whoever is quoted; with a way to take the words back at any time, whatever they answer.

    `quote` are the words of the version about which `user` was asked, empty once they were taken back; `by` is the
    name of who wrote them down, empty where that is the same person.
    """
    if impression.withdrawn_at is not None or not quote:
        gone = words("impressions.consent.gone")
        return gone, [section(gone)]
    if impression.quote_by != user and quote == impression.contents.quote:
        other = words("impressions.consent.not_you")
        return other, [section(other)]
    back = _withdraw(impression, version, words)
    if quote != impression.contents.quote:
        changed = words("impressions.consent.changed")
        return changed, [section(changed), actions(back)]
    said = escaped(quote.strip())
    asked = words("impressions.consent.question", name=escaped(by)) if by else words("impressions.consent.question_own")
    answers = _answers(impression, quote, words)
    head: list[Block] = [*paragraphs(f"{asked}\n“{said}”")]
    if impression.quote_use is QuoteUse.ASKED:
        return asked, [*head, section(words("impressions.consent.may_it")), actions(*answers.values(), back)]
    told = words(f"impressions.consent.you_{impression.quote_use.value}")
    others = [answers[permission] for permission, use in USE_OF.items() if use is not impression.quote_use]
    return told, [*head, section(f"*{told}*"), actions(*others, back)]


def _answers(impression: Impression, quote: str, words: Words) -> dict[Permission, ButtonElement]:
    return {
        permission: button(
            words(f"impressions.consent.answer_{permission.value}"),
            f"impressions.quote_answer:{permission.value}",
            f"{impression.id}:{mark_of(quote)}",
        )
        for permission in Permission
    }


def _withdraw(impression: Impression, version: int, words: Words) -> ButtonElement:
    back = button(words("impressions.consent.withdraw"), "impressions.quote_withdraw", f"{impression.id}:{version}")
    back.confirm = ConfirmObject(
        title=plain(words("impressions.consent.sure"), 100),
        text=plain(words("impressions.consent.sure_text"), 300),
        confirm=plain(words("impressions.consent.take_out"), 30),
        deny=plain(words("impressions.consent.leave"), 30),
    )
    return back


def own_quote_form(group: Group, impression: Impression, words: Words) -> View:
    """Somebody of the group says that an unnamed quote is theirs: show it once more before it goes."""
    return form(
        words,
        "impressions.quote_own",
        words("impressions.consent.withdraw"),
        [
            section(words("impressions.consent.own", group=group.number)),
            *paragraphs(f"“{escaped(impression.contents.quote.strip())}”"),
            context(words("impressions.consent.sure_text")),
        ],
        submit=words("impressions.consent.take_out"),
        metadata={"impression": impression.id, "version": str(impression.version)},
    )


def withdrawn(
    session: WorkSession, group: Group, found: Withdrawal, can_remove: bool, words: Words
) -> tuple[str, list[Block]]:
    """Confirm to whoever took a quote back that it is gone, and from where; offer to take out where it also stands."""
    text = words("impressions.consent.withdrawn")
    lines = [f"• {words(f'impressions.consent.place_{place}')}" for place in found.places if place != "message"]
    about = words("impressions.consent.about", group=group.number, day=words.day(session.starts_at))
    was = "\n".join([words("impressions.consent.was_in"), *lines])
    blocks: list[Block] = [section(f"*{text}*\n{about}"), section(was)]
    if "message" in found.places:
        blocks.append(context(words("impressions.consent.in_message")))
    if can_remove:
        remove = button(
            words("impressions.consent.remove_also"), "impressions.quote_also", f"{found.impression}:{found.version}"
        )
        blocks += [section(words.count("impressions.consent.also", len(found.also))), actions(remove)]
    return text, blocks


def told(group: Group, in_message: bool, words: Words) -> tuple[str, list[Block]]:
    """Tell in one line that a quote is gone, without its words, and who wrote the message to take it out there too."""
    text = words("impressions.consent.told", group=group.number)
    return text, [section(text), *([context(words("impressions.consent.your_message"))] if in_message else [])]


def waiting(impression: Impression, by: str, words: Words) -> list[Block]:
    """A quote about which this person is asked, for their Home; a long one is answered where all of it can be read."""
    quote = impression.contents.quote.strip()
    said = words("impressions.consent.question", name=escaped(by)) if by else words("impressions.consent.question_own")
    shown = section(f"{said}\n“{escaped(cut(quote, SHORT))}”\n{words('impressions.consent.may_it')}")
    if len(quote) > SHORT:
        return [shown, context(words("impressions.consent.in_messages"))]
    return [shown, actions(*_answers(impression, impression.contents.quote, words).values())]


def standing(impression: Impression, version: int, quote: str, words: Words) -> list[Block]:
    """A quote of this person that stands somewhere, with the way to take it back, for their Home."""
    said = ""
    if impression.contents.quote == quote:
        said = f"\n{words(f'impressions.consent.you_{impression.quote_use.value}')}"
    shown = escaped(cut(" ".join(quote.split()), SHORT))
    return [section(f"“{shown}”{said}"), actions(_withdraw(impression, version, words))]
