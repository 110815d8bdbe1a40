"""Which files of reports can say which words, so that none goes on saying what was withdrawn."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, insert
from sqlmodel import Session, col, select

from bot.trail.report import Evidence
from storage import delivery
from storage.portions import portions
from storage.trail.report_rows import TrailReportCitationRow


def remember(db: Session, team: str, parcel: str, found: Evidence) -> None:
    """Keep of which entries, notes and sentences words can stand in a file that is sent, by their ids."""
    entries = [each for top in found.entries for each in (top, *top.children)]
    cited = {each.id for each in (*entries, *(one for using in found.adopters.values() for one in using))}
    cited |= {each.origin.impression for each in entries if each.origin and each.origin.impression}
    cited |= {part for one in found.sentences for part in (one.id, one.impression)}
    cited |= {one.promise.impression for one in found.promises}
    gone = delete(TrailReportCitationRow).where(
        col(TrailReportCitationRow.team_id) == team, col(TrailReportCitationRow.parcel) == parcel
    )
    db.connection().execute(gone)
    rows = [{"parcel": parcel, "cited": each, "team_id": team} for each in sorted(filter(None, cited))]
    if rows:
        db.connection().execute(insert(TrailReportCitationRow), rows)


def replace_reports(db: Session, team: str, cited: Collection[str], why: str, now: datetime) -> int:
    """Notes were withdrawn or published sentences changed: owe each file that can say them a new one in its place.

    `why` is another with every change. Returns how many files that is.
    """
    subjects = set()
    for some in portions(cited):
        query = select(TrailReportCitationRow.parcel).where(
            TrailReportCitationRow.team_id == team, col(TrailReportCitationRow.cited).in_(some)
        )
        subjects |= {tuple(key.split(":", 2)[:2]) for key in db.exec(query)}
    return sum(delivery.replace_files(db, team, kind, subject, why, now) for kind, subject in sorted(subjects))
