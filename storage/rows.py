"""What every row has: a workspace it belongs to, without which it is neither found nor changed."""

from typing import Any

from sqlalchemy.orm import declared_attr
from sqlmodel import SQLModel


class Row(SQLModel):
    """A row of one workspace. Its key, for `Session.get` and for every change, begins with the workspace.

    So `db.get(TopicRow, (team, topic))` finds nothing of another workspace, and what is saved or deleted is looked up
    `WHERE team_id = ... AND id = ...`. The primary key in the database stays what the table says.
    """

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        table = cls.__table__  # type: ignore[attr-defined] # SQLAlchemy makes it before it asks
        return {"primary_key": [table.c.team_id, *(each for each in table.primary_key if each.name != "team_id")]}
