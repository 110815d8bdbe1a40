"""Whether the tables agree with each other, in statements that work beside the running bot and change nothing."""

from collections import Counter
from datetime import datetime

from sqlalchemy import inspect, text
from sqlmodel import Session

from storage import audit, expiring, programme, schema
from storage.data_map import Keep

_AGREE = {
    "a message was sent, and where it stands is not known":
        "SELECT key FROM outbox WHERE state = 'sent' AND ts IS NULL",
    "a message is owed twice": "SELECT key FROM outbox GROUP BY team_id, key HAVING count(*) > 1",
    "an erased note has words": "SELECT id FROM impression WHERE withdrawn_at IS NOT NULL AND takeaway <> ''",
    "an erased note has an earlier version":
        "SELECT v.impression_id FROM impression_version v JOIN impression i ON i.id = v.impression_id"
        " WHERE i.withdrawn_at IS NOT NULL",
    "an erased note can be found":
        "SELECT e.id FROM search_entry e JOIN impression i ON i.id = e.impression_id WHERE i.withdrawn_at IS NOT NULL",
    "a note can be found that is not there":
        "SELECT e.id FROM search_entry e LEFT JOIN impression i ON i.id = e.impression_id"
        " WHERE i.id IS NULL AND e.impression_id <> ''",  # what was typed on a region's page comes from no note
    "something of the trail can be found that is not shared":
        "SELECT e.id FROM search_entry e LEFT JOIN trail t ON e.owner = 'trail:' || t.id WHERE e.owner LIKE 'trail:%'"
        " AND (t.id IS NULL OR t.state NOT IN ('shared', 'kept') OR t.state = 'kept' AND t.region_id IS NOT NULL)",
}  # fmt: skip
"""What must not be, and a statement that finds the ids of it."""
_INDEX = {
    "a sentence is not in the search index": "SELECT id FROM search_entry EXCEPT SELECT rowid FROM search_index",
    "the search index has a sentence that is gone": "SELECT rowid FROM search_index EXCEPT SELECT id FROM search_entry",
}
MOST = 5
WHOLE = "the whole database is looked through; ids come out, and no words"


def disagreements(db: Session) -> list[str]:
    """Return a line for each thing that does not agree, with ids and never with words; of each kind the first few."""
    found = _schema(db)
    if found:
        return found  # a table that is missing fails every question about it
    wanted = _AGREE | (_INDEX if db.connection().dialect.name == "sqlite" else {})
    for name, statement in wanted.items():
        rows = db.connection().execute(text(statement).execution_options(every_workspace=WHOLE)).fetchmany(MOST)
        found += [f"{name}: {row[0]}" for row in rows]
    for team in audit.teams(db):
        broken = audit.verify(db, team)
        if broken is not None:
            found.append(f"the trail of what was done in {team} was changed: {broken}")
    return found


def past_their_time(db: Session, now: datetime) -> dict[str, int]:
    """Return how many rows go at the next sweep, by class and in all workspaces; classes with nothing are left out."""
    found: Counter[str] = Counter()
    for settings in programme.programmes(db):
        found.update({Keep(keep).name.lower(): number for keep, number in expiring.due(db, settings.team, now).items()})
    return {keep: number for keep, number in sorted(found.items()) if number}


def _schema(db: Session) -> list[str]:
    """Hold the tables and columns that are there against those that this version expects."""
    there, found = inspect(db.connection()), []
    tables = set(there.get_table_names())
    for table in schema.METADATA.sorted_tables:
        if table.name not in tables:
            found.append(f"the table {table.name} is missing")
            continue
        columns = {column["name"] for column in there.get_columns(table.name)}
        found += [f"the column {table.name}.{one.name} is missing" for one in table.columns if one.name not in columns]
    return found
