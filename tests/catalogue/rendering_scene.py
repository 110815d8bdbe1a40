"""A town in which every field that people fill in holds a mark of its own, and what is drawn of it.

The marks are replaced in the database by what somebody might type instead, as long as the mark was, so that every
offset still holds. Then everything is drawn again: messages, files, Homes and forms.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from handlers.home.looking import look
from handlers.slack import kinds
from handlers.views import home as home_views
from playground.linter import lint_view
from tests.handlers import test_canary as canary
from tests.handlers.test_documents import READ

LENGTH = 160
"""Signs of a mark, and of what takes its place."""
FIELDS = ("takeaway", "easy", "hard", "conclusion", "quote", "question", "example", "obstacle", "offer")
COLUMNS = (
    ("region", "name"), ("member", "name"), ("account", "name"), ("work_session", "title"), ("topic", "name"),
    ("theme", "name"), ("article", "headline"), ("article", "news"), ("programme", "region_word"),
    ("attachment", "name"), ("promise", "own_words"), ("objection", "reason"),
)  # fmt: skip
"""Beside the parts of a note: names and titles. What a language model wrote lives in the same columns as these."""
PEOPLE = ("ineke", "sanne", "noor", "lotte", "youssef", "samir")


def ending(number: int) -> str:
    """Return the last signs of a mark, by which its field is known when it is drawn."""
    return f"q{chr(97 + number // 10)}{chr(97 + number % 10)}q"


def mark(number: int) -> str:
    """Return what stands in a field at first."""
    return f"Kanarie{'veld' * LENGTH}"[: LENGTH - 4] + ending(number)


def typed(text: str, number: int) -> str:
    """Return what takes the place of a mark: as long, and with the same end."""
    return text.ljust(LENGTH - 4, "z")[: LENGTH - 4] + ending(number)


@dataclass
class Drawn:
    """Everything that came out: texts with markup, plain texts, and files with where their links lead."""

    markup: dict[str, str] = field(default_factory=dict)
    plain: dict[str, str] = field(default_factory=dict)
    files: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    elements: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, thing: Any, at: str = "") -> None:
        """Take in blocks, a view or a text."""
        if isinstance(thing, dict):
            kind, text = thing.get("type"), thing.get("text")
            if isinstance(kind, str) and kind not in ("mrkdwn", "plain_text"):
                self.elements[f"{name}{at}"] = kind
            if isinstance(text, str):
                (self.markup if kind == "mrkdwn" else self.plain)[f"{name}{at}"] = text
                return
            for key, each in thing.items():
                self.add(name, each, f"{at}/{key}")
        elif isinstance(thing, (list, tuple)):
            for number, each in enumerate(thing):
                self.add(name, each, f"{at}/{number}")
        elif isinstance(thing, str) and at.rsplit("/", 1)[-1] in ("initial_value", "alt_text", "accessibility_label"):
            self.plain[f"{name}{at}"] = thing


class Listening(AsyncWebClient):
    """Writes down what would go to Slack, and answers that it went well."""

    def __init__(self) -> None:
        super().__init__("xoxb-none")
        self.said: list[tuple[str, Mapping[str, Any]]] = []

    async def api_call(self, api_method: str, **more: Any) -> AsyncSlackResponse:  # type: ignore[override]  # any options
        """Take one call."""
        self.said.append((api_method, {**(more.get("params") or {}), **(more.get("json") or {})}))
        data = {"ok": True, "ts": "1.1", "channel": "D1", "view": {"id": "V1"}, "user": {}}
        return AsyncSlackResponse(
            client=self, http_verb="POST", api_url=api_method, req_args={}, data=data, headers={}, status_code=200
        )


class Scene:
    """The town after a year of everything, with a mark in every field."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.marks: list[str] = list(FIELDS)
        for number, name in enumerate(FIELDS):
            before = canary.PHRASES[name]
            patch.setitem(canary.PHRASES, name, f"{before.split('. ')[0].rstrip('.?!')} {mark(number)}.")
        patch.setitem(canary.PHRASES, "question", f"Wie betaalt {mark(FIELDS.index('question'))}?")
        self.town = canary.Town(folder)
        self.file = folder / "oogst.db"
        canary.live(self.town)
        self._mark_columns()
        self.places = list(self._found())
        self.listening = Listening()
        self.town.house.calls(self.listening)
        self.doors: list[tuple[str, str, str]] = []

    def close(self) -> None:
        self.town.house.database.close()

    def _mark_columns(self) -> None:
        with closing(sqlite3.connect(self.file)) as db:
            for table, column in COLUMNS:
                if not any(row[1] == column for row in db.execute(f'PRAGMA table_info("{table}")')):
                    continue
                number = len(self.marks)
                self.marks.append(f"{table}.{column}")
                for (row,) in db.execute(f'SELECT rowid FROM "{table}"').fetchall():
                    put = (
                        mark(number)
                        if column != "name" or table not in ("region", "theme")
                        else f"{row} {mark(number)}"
                    )
                    db.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', (put, row))
            db.commit()

    def _found(self) -> Iterator[tuple[str, str, int, str]]:
        """Where the marks stand: table, column, row and text."""
        with closing(sqlite3.connect(self.file)) as db:
            made = db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
                " AND sql NOT LIKE '%WITHOUT ROWID%'"
            )
            for (table,) in made.fetchall():
                if table.startswith("sqlite_") or "_fts" in table or "text_index" in table or table == "audit":
                    continue
                columns = [row[1] for row in db.execute(f'PRAGMA table_info("{table}")')]
                for row in db.execute(f'SELECT rowid, * FROM "{table}"').fetchall():
                    for column, value in zip(columns, row[1:], strict=True):
                        if isinstance(value, str) and any(mark(n) in value for n in range(len(self.marks))):
                            yield table, column, row[0], value

    def type(self, text: str) -> None:
        """Let this text stand in every field."""
        with closing(sqlite3.connect(self.file)) as db:
            for table, column, row, value in self.places:
                is_json = value[:1] in "[{"
                for number in range(len(self.marks)):
                    new = typed(text, number)
                    value = value.replace(mark(number), json.dumps(new)[1:-1] if is_json else new)
                db.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', (value, row))
            db.commit()

    def draw(self) -> Drawn:
        """Draw every message and file, every Home, and every form that a button in them opens."""
        drawn, renders, house = Drawn(), kinds(), self.town.house
        for row in self.town.rows():
            if row.operation == "remove":
                continue
            body = house.draw(row, renders)
            if body is None:
                continue
            drawn.markup[row.key] = body.text
            drawn.add(row.key, [block.to_dict() for block in body.blocks])
            if body.file is not None:
                kind = body.file_name.rpartition(".")[2]
                said = READ[kind](body.file) if kind in READ else (body.file.decode("utf-8-sig"), [])
                drawn.files[row.key] = said
        for user in PEOPLE:
            home = house.read(
                lambda db, user=user: look(house.world, house.click("event", "app_home_opened", user), db)
            )
            view = home_views.home(home, home.asker.words).to_dict()
            assert lint_view(view) == []
            drawn.add(f"home:{user}", view)
        for user, action, value in self.doors:
            for number, (method, said) in enumerate(self.press(user, action, value)):
                drawn.add(f"{user}:{action}:{value}:{number}:{method}", said)
        return drawn

    def press(self, user: str, action: str, value: str) -> list[tuple[str, Mapping[str, Any]]]:
        """Press a button and return what Slack is told at once."""
        name, _, argument = action.partition(":")
        handler = canary.ROUTES.get(("action", name))
        if handler is None:
            return []
        house = self.town.house
        click = house.click("action", name, user, value, argument, trigger_id="T", body={"view": {"type": "home"}})
        self.listening.said.clear()

        async def both() -> None:
            answer = await handler(click, house.world)
            for work in answer.then:
                await work

        house.do(both())
        return [(method, said) for method, said in self.listening.said]


REFERENCE = re.compile(r"<([^<>\n]*)>")
