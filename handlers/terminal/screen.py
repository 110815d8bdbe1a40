"""What the terminal shows and asks, and the exit codes it ends with."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import TypeVar

import typer
from rich.console import Console
from rich.text import Text

from handlers.refusals import why
from handlers.settings import Settings, WrongSettings, load_settings, terminal_words
from handlers.words import Words

DONE = 0
CROSS = 1
BAD_DATA = 65
"""What was given cannot be read: EX_DATAERR of sysexits."""
BAD_SETTINGS = 78
"""A setting is missing or wrong: EX_CONFIG of sysexits."""

S = TypeVar("S", bound=Settings)

STYLES = {"✓": "green", "✗": "red", "!": "yellow", "-": "dim"}
"""Colour only repeats what the sign already says."""


class Screen:
    """Speaks one language on the terminal. Whatever people typed is shown as it is, never read as markup."""

    def __init__(self, words: Words) -> None:
        """Speak with these words."""
        self.words = words
        self._out = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
        self._err = Console(highlight=False, markup=False, emoji=False, soft_wrap=True, stderr=True)

    def say(self, key: str, /, **values: object) -> None:
        """Show a text of the catalogue."""
        self.show(self.words(key, **values))

    def show(self, line: str = "") -> None:
        """Show a line as it is."""
        self._out.print(Text(line))

    def good(self, line: str) -> None:
        """Show what went well."""
        self.sign("✓", line)

    def off(self, line: str) -> None:
        """Show what is not used, or was as it should be already."""
        self.sign("-", line)

    def warn(self, line: str) -> None:
        """Show what needs attention."""
        self.sign("!", line)

    def sign(self, sign: str, line: str) -> None:
        """Show a line behind one of the signs ✓ ✗ ! -."""
        self._out.print(Text.assemble((sign, STYLES[sign]), " ", line))

    def complain(self, line: str) -> None:
        """Show what is wrong, apart from the results so that those can be piped on."""
        self._err.print(Text.assemble(("✗", STYLES["✗"]), " ", line))

    def why(self, error: OSError) -> str:
        """Say in words what a file or a folder is refused for."""
        return why(error, self.words)

    def ask(self, key: str, /, default: str | None = None, **values: object) -> str:
        """Ask for a line of text; Enter gives `default`."""
        answer = typer.prompt(self.words(key, **values), default=default or "", show_default=bool(default))
        return str(answer).strip()

    def ask_secret(self, key: str, /) -> str:
        """Ask for a token without showing it: the echo is off before the question stands there."""
        try:
            return getpass.getpass(f"{self.words(key)}: ").strip()
        except EOFError:
            raise typer.Abort from None

    def wait_for_enter(self, key: str, /) -> None:
        """Wait until the person is ready."""
        typer.prompt(self.words(key), default="", show_default=False, prompt_suffix=" ")


def make_screen(env_file: Path) -> Screen:
    """Return a screen in the language of the settings, also when those are wrong."""
    return Screen(terminal_words(env_file))


def settings_or_stop(kind: type[S], env_file: Path, screen: Screen) -> S:
    """Return the settings, or end the command with 78 and one line for each that is missing or wrong."""
    try:
        return load_settings(kind, env_file)
    except WrongSettings as wrong:
        for problem in wrong.problems:
            screen.complain(problem)
        raise typer.Exit(BAD_SETTINGS) from None


def without_proxies() -> dict[str, str]:
    """Return the environment for a child that talks with this computer only: Slack's client ignores NO_PROXY."""
    return {name: value for name, value in os.environ.items() if not name.upper().endswith("_PROXY")}
