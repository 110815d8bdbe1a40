"""The tables of themes: names, what each impression is about, what people said of that, and what became of a theme."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from storage.moments import Moment
from storage.rows import Row


class ThemeRow(Row, table=True):
    """A theme. Its id never changes and is never used again."""

    __tablename__ = "theme"
    id: str = Field(primary_key=True)
    team_id: str = Field(index=True)
    name: str
    short_name: str = ""
    criterion: str = ""
    status: str = "active"
    merged_into: str | None = Field(default=None, foreign_key="theme.id")
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})


class ThemeAliasRow(Row, table=True):
    """A name under which a theme is found: its own, its short one, or another."""

    __tablename__ = "theme_alias"
    __table_args__ = (UniqueConstraint("team_id", "folded"),)
    id: int | None = Field(default=None, primary_key=True)
    team_id: str
    theme_id: str = Field(foreign_key="theme.id", index=True)
    alias: str
    folded: str


class ImpressionThemeRow(Row, table=True):
    """A theme that an impression is about. `origin`: a topic of its group, found by the engine, or said by a person."""

    __tablename__ = "impression_theme"
    impression_id: str = Field(primary_key=True, foreign_key="impression.id")
    theme_id: str = Field(primary_key=True, foreign_key="theme.id", index=True)
    team_id: str
    certainty: float = Field(default=1.0, sa_column_kwargs={"server_default": "1"})
    origin: str = Field(default="topic", sa_column_kwargs={"server_default": "topic"})


class ThemePlacementRow(Row, table=True):
    """What came of reading one version of an impression: placed, unsure or nowhere; `by_user` said so, if not us."""

    __tablename__ = "theme_placement"
    impression_id: str = Field(primary_key=True, foreign_key="impression.id")
    team_id: str = Field(index=True)
    state: str
    version: int
    by_user: str = ""
    at: datetime = Field(sa_type=Moment)


class ThemeCandidateRow(Row, table=True):
    """A theme that an unsure impression may be about, with the sentence that says so."""

    __tablename__ = "theme_candidate"
    impression_id: str = Field(primary_key=True, foreign_key="impression.id")
    theme_id: str = Field(primary_key=True, foreign_key="theme.id")
    team_id: str = Field(index=True)
    certainty: float
    field: str
    start: int
    end: int


class ThemeExampleRow(Row, table=True):
    """A person said that an impression is about a theme, or that it is not: it is not asked again, and it teaches."""

    __tablename__ = "theme_example"
    impression_id: str = Field(primary_key=True, foreign_key="impression.id")
    theme_id: str = Field(primary_key=True, foreign_key="theme.id", index=True)
    team_id: str = Field(index=True)
    fits: bool
    by_user: str
    at: datetime = Field(sa_type=Moment)


class ThemeProposalRow(Row, table=True):
    """A theme, another name or a merge that was proposed, and what a coordinator decided. Never any words of people.

    `mark` is what it is known by when it comes up again: a fingerprint, of which there is one per workspace.
    """

    __tablename__ = "theme_proposal"
    __table_args__ = (UniqueConstraint("team_id", "mark"),)
    id: str = Field(primary_key=True)
    team_id: str = Field(index=True)
    kind: str
    state: str = "open"
    mark: str
    theme_id: str | None = Field(default=None, foreign_key="theme.id")
    other_id: str | None = Field(default=None, foreign_key="theme.id")
    proposal_id: str | None = None
    version: int = 1
    at: datetime = Field(sa_type=Moment)
    decided_by: str = ""
    decided_at: datetime | None = Field(default=None, sa_type=Moment)


class ThemeCarrierRow(Row, table=True):
    """A sentence that carries a proposal, and where in the same part its name stands; `name_end` 0 says nowhere."""

    __tablename__ = "theme_carrier"
    proposal_id: str = Field(primary_key=True, foreign_key="theme_proposal.id")
    impression_id: str = Field(primary_key=True, foreign_key="impression.id", index=True)
    team_id: str
    field: str
    start: int
    end: int
    name_start: int = 0
    name_end: int = 0


class ThemeChangeRow(Row, table=True):
    """What a person did to a theme: its lineage. `notes` are the ids of the impressions that moved, as a JSON list."""

    __tablename__ = "theme_change"
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(index=True)
    theme_id: str = Field(foreign_key="theme.id", index=True)
    other_id: str | None = Field(default=None, foreign_key="theme.id")
    kind: str
    before: str = ""
    after: str = ""
    notes: str = "[]"
    by_user: str
    at: datetime = Field(sa_type=Moment)
    undone_by: str = ""
