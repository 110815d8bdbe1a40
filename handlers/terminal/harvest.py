"""`oogst harvest NOTES.jsonl`: the whole engine without Slack, for trying out, measuring and other programs.

With --json the result is all that goes to standard output; progress and complaints go to standard error. Exit codes:
0 done, 1 the harvest failed its own check and is not shown, 2 the input cannot be used.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.harvest import Digest, Memory, Note, compose_placed, place, read, verify
from handlers.terminal.interchange import BadInput, as_interchange, read_agenda, read_notes

if TYPE_CHECKING:
    from handlers.terminal.screen import Screen

DONE, FAILED_CHECK, BAD_INPUT = 0, 1, 2
LONG_WORK = 300
"""Notes from which on it takes more than a second, so that somebody who waits wants to see what happens."""


def harvest(
    notes: Path,
    agenda: Path | None = None,
    state: Path | None = None,
    as_json: bool = False,
    env_file: Path = Path(".env"),
) -> int:
    """Harvest a file of notes and print it; with `state` the next harvest keeps each note in its theme."""
    try:
        digest = _harvested(notes, agenda, state, env_file)
    except BadInput as bad:
        screen = _screen(env_file)
        values = {
            name: screen.why(value) if isinstance(value, OSError) else str(value) for name, value in bad.values.items()
        }
        screen.complain(screen.words(bad.key, **values))
        return BAD_INPUT
    if digest is None:
        return FAILED_CHECK
    if as_json:
        sys.stdout.buffer.write(as_interchange(digest).encode("utf-8") + b"\n")
        sys.stdout.buffer.flush()
    else:
        _show(digest, _screen(env_file))
    return DONE


def _harvested(path: Path, agenda: Path | None, state: Path | None, env_file: Path) -> Digest | None:
    """The chain: read, place, choose, verify, remember. None when the result may not be shown."""
    notes = read_notes(path)
    themes = read_agenda(agenda, notes)
    memory = remembered(state, notes)
    with _progress(notes, env_file) as step:
        step("terminal.harvest_reading")
        readings = read(notes)
        step("terminal.harvest_placing")
        placement = place(readings, themes, memory)
        step("terminal.harvest_choosing")
        digest = compose_placed(readings, placement, "harvest")
        step("terminal.harvest_checking")
        problems = verify(digest, notes)
    if problems:
        screen = _screen(env_file)
        for problem in problems:
            screen.complain(f"{problem.rule}: {problem.where}: {problem.found}")
        return None
    if state is not None:
        remember(state, placement.memory)
    return digest


def remembered(folder: Path | None, notes: list[Note]) -> Memory:
    """What the harvests before this one left of these notes; SQLite is loaded only for who keeps something."""
    if folder is None:
        return Memory()
    from handlers.terminal.state import read_memory

    return read_memory(folder, {note.id for note in notes})


def remember(folder: Path, memory: Memory) -> None:
    """Keep what the next harvest needs."""
    from handlers.terminal.state import write_memory

    write_memory(folder, memory)


def _screen(env_file: Path) -> Screen:
    from handlers.terminal.screen import make_screen  # texts and settings take longer to load than a small harvest

    return make_screen(env_file)


class _Steps:
    """Says on standard error which step is going on."""

    def __init__(self, screen: Screen | None, notes: int) -> None:
        self._screen = screen
        self._notes = notes

    def __call__(self, key: str) -> None:
        if self._screen is not None:
            words = self._screen.words
            print(words(key, notes=words.number(self._notes)), file=sys.stderr, flush=True)  # noqa: T201  progress is for people, not for a log


@contextmanager
def _progress(notes: list[Note], env_file: Path) -> Iterator[_Steps]:
    """Progress for long work only: a small harvest is done before anybody reads a line."""
    yield _Steps(_screen(env_file) if len(notes) >= LONG_WORK else None, len(notes))


def _show(digest: Digest, screen: Screen) -> None:
    """The harvest for people: per theme what was said, by whom it can be looked up, what stayed open."""
    words = screen.words
    for section in digest.sections:
        screen.show(section.name)
        screen.show(words.count("terminal.harvest_notes", len(section.notes)))
        for claim in section.claims[:6]:
            screen.show(f"  • {_one_line(claim.text)} [{', '.join(claim.evidence)}]")
        for title, ids in (
            ("terminal.harvest_questions", section.open_questions[:3]),
            ("terminal.harvest_offers", section.offers[:3]),
        ):
            if ids:
                screen.show(f"  {words(title)}")
            for i in ids:
                screen.show(f"    • {_one_line(digest.cut(i))} [{i}]")
        screen.show()
    if digest.unused:
        screen.show(words.count("terminal.harvest_unplaced", len(digest.unused)))
        screen.show(f"  {', '.join(digest.unused)}")


def _one_line(text: str) -> str:
    return " ".join(text.split())
