"""Which regions got to know each other through Oogst."""

from datetime import datetime

from sqlmodel import Session, col, or_, select

from bot.introductions import State
from storage.introductions import IntroductionRow


def met(db: Session, team: str, region: str, since: datetime) -> list[str]:
    """Return the ids of the regions that this one got to know, of what was proposed after `since`, newest first."""
    query = select(IntroductionRow).where(
        IntroductionRow.team_id == team,
        IntroductionRow.state == State.MET.value,
        or_(IntroductionRow.asking_region == region, IntroductionRow.answering_region == region),
        col(IntroductionRow.proposed_at) > since,
    )
    rows = db.exec(query.order_by(col(IntroductionRow.proposed_at).desc(), col(IntroductionRow.id)))
    both = [row.answering_region if row.asking_region == region else row.asking_region for row in rows]
    return [each for each in dict.fromkeys(both) if each != region]
