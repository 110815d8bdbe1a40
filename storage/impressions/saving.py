"""Writing an impression with everything that belongs to its version."""

from collections.abc import Sequence

from sqlmodel import Session

from bot.impressions import Impression
from storage import tombstones
from storage.impressions import quotes, records, sign_offs, versions


def save(db: Session, value: Impression, themes: Sequence[str], *, by_rule: bool = False, is_new: bool = False) -> None:
    """Write an impression with the themes that it is about, and keep its version.

    A withdrawn one keeps neither words, of whatever version, nor themes, nor what was said of it. What was said of an
    earlier version lapses; where only a rule changed the words (`by_rule`: a name was masked) it stays. `is_new`: the
    caller found nothing under its id (`one`), so that nothing is looked for again.
    """
    before = None if is_new else records.one(db, value.team, value.id)
    records.write(db, value, themes, is_new=before is None)
    versions.keep(db, value, is_new=before is None)
    if value.withdrawn_at is not None:
        sign_offs.forget(db, value.team, value.id)
        quotes.forget(db, value.team, value.id)
        tombstones.record(db, value.team, "impression", value.id, value.withdrawn_at)
    elif before is not None and before.version != value.version:
        if by_rule:
            sign_offs.carry_over(db, value)
        sign_offs.forget(db, value.team, value.id, but=value.version)
    if value.withdrawn_at is None and before is not None and before.withdrawn_at is not None:
        tombstones.lift(db, value.team, "impression", value.id, value.updated_at)
