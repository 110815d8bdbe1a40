"""One door for everything people hand in: what must not be kept is refused, and names that were listed are masked.

Whoever stores people's words calls `check_texts` in the transaction that stores them, by whatever way they came:

    screened = check_texts(db, settings, session.id, {"takeaway": text})
    if screened.problems: ...  # store nothing; form: problems_ack; message: `refusal` says it to its writer alone
    store(screened.texts["takeaway"])  # names are masked

A form with the field of `views.privacy.involved_field` first calls `check_names` (field errors), then `involve`. What
`involve` returns are impressions that were stored already and hold such a name: the caller keeps them.
Nothing here is ever logged.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from slack_sdk.models.blocks import Block
from sqlmodel import Session

from bot.impressions import LONGEST, PARTS, Contents, Impression
from bot.privacy import MARKS, SHORT_MARK, find, keys_of, mac, mask, problems, read_names
from bot.problem import Problem
from bot.programme import Programme
from bot.worksessions import WorkSession
from handlers.views import privacy as views
from handlers.words import Words
from storage import delivery, digest, impressions, privacy


@dataclass(frozen=True)
class Screened:
    """Texts by field, with names masked, and what keeps them from being stored; without problems they may be."""

    texts: Mapping[str, str]
    problems: Sequence[Problem]


def check_texts(
    db: Session, settings: Programme, session_id: str | None, texts: Mapping[str, str], names: str = ""
) -> Screened:
    """Read texts before they are stored. Without a session there is no list of names, and nothing is masked.

    `names` are masked as well, without being listed: those in the field of a form that was not handed in yet.
    """
    masked = masker(db, settings, session_id, names)
    found = [problem for field, text in texts.items() for problem in problems(field, text)]
    return Screened({field: masked(text) for field, text in texts.items()}, found)


def check_contents(
    db: Session, settings: Programme, session_id: str, contents: Contents, names: str = ""
) -> tuple[Contents, Sequence[Problem]]:
    """Do the same for the parts of an impression; problems name the part as their field."""
    screened = check_texts(db, settings, session_id, {part: str(getattr(contents, part)) for part in PARTS}, names)
    return replace(contents, **screened.texts), screened.problems


def screened_name(db: Session, settings: Programme, session_id: str | None, name: str) -> str:
    """Return the name of a file without what must not be kept: nobody can be asked to name it anew."""
    for found in reversed(find(name)):
        name = f"{name[: found.start]}{SHORT_MARK}{name[found.end :]}"
    return masker(db, settings, session_id)(name)


def involve(db: Session, settings: Programme, session: WorkSession, typed: str, now: datetime) -> list[Impression]:
    """Add the names in a field to those that a session leaves out; the names themselves are not stored.

    Returns the next versions of stored impressions that hold such a name, masked and not yet saved: the caller passes
    them to `handlers.impressions.keeping.keep`, so that post, draft and published sentences follow.
    """
    return involve_marks(db, settings, session, _macs(settings, session.id, typed), now)


def involve_marks(
    db: Session, settings: Programme, session: WorkSession, macs: Mapping[str, bool], now: datetime
) -> list[Impression]:
    """Do the same for names of which only the keyed hashes are known, each with whether it needs a capital."""
    if not macs or not privacy.involve(db, session.team, session.id, macs, now):
        return []
    masked = masker(db, settings, session.id)
    told = {answer.id: answer.text for answer in digest.answers_of_session(db, session.team, session.id)}
    privacy.rewrite(db, session.team, session.id, masked)
    for answer, text in told.items():  # what people said to a question of this session stands in two threads
        if masked(text) != text:
            for key in (f"digest.answer:{answer}", f"digest.answer:{answer}:article"):
                delivery.plan_change(db, team=session.team, of=key, why=f"masked:{now.isoformat()}", now=now)
    found = impressions.of_session(db, session.team, session.id)
    return [new for old in found if (new := mask_impression(old, masked, now)) != old]


def refusal(group_id: str, problems: Sequence[Problem], words: Words) -> tuple[str, list[Block]]:
    """Return what the writer of a message alone is told: what to take out, that Slack still has it, and the form."""
    return views.refusal(group_id, problems, words)


def mask_impression(impression: Impression, masked: Callable[[str], str], now: datetime) -> Impression:
    """Only the names go: who said a quote, and what was agreed about it, stays."""
    contents = replace(impression.contents, **{part: masked(impression.text(part)) for part in PARTS})
    if contents == impression.contents:
        return impression
    return replace(impression, contents=contents, version=impression.version + 1, updated_at=now)


def _macs(settings: Programme, session_id: str, typed: str) -> dict[str, bool]:
    """Names as they are kept; a spelling that counts in any case for one of them does so for all."""
    keys = sorted({key for name in read_names(typed) for key in keys_of(name)}, key=lambda key: not key.capital)
    return {mac(settings.secret, session_id, key.words): key.capital for key in keys}


def masker(db: Session, settings: Programme, session_id: str | None, names: str = "") -> Callable[[str], str]:
    """Return what masks the names that a session leaves out, for texts that are stored already."""
    if session_id is None:
        return lambda text: text
    known = privacy.involved(db, settings.team, session_id)
    for one, capital in _macs(settings, session_id, names).items():
        known[one] = capital and known.get(one, True)
    if not known:
        return lambda text: text
    session: str = session_id
    mark = MARKS.get(settings.language, MARKS["en"])

    @cache
    def is_involved(words: str, capital: bool) -> bool:
        needs_capital = known.get(mac(settings.secret, session, words))
        return needs_capital is not None and (capital or not needs_capital)

    def masked(text: str) -> str:
        usual = mask(text, mark, is_involved)
        return mask(text, SHORT_MARK, is_involved) if len(usual) > max(len(text), LONGEST) else usual

    return masked
