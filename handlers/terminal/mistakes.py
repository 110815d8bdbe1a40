"""What a command line says that cannot be: told in the language of the settings, with the way to the help."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from handlers.terminal.screen import make_screen

KEYS = {
    "NoSuchOption": "no_option",
    "BadOptionUsage": "no_value",
    "MissingParameter": "missing",
    "BadParameter": "bad_value",
}
"""What Typer calls each mistake, and our text about it. Typer exports few of these, and its own texts are English."""


def tell(mistake: typer.TyperException, env_file: Path) -> int:
    """Say what was wrong with what was typed, and where to read what is possible; returns the exit code."""
    context, kind = getattr(mistake, "ctx", None), type(mistake).__name__
    if kind == "NoArgsIsHelpError":
        typer.echo(mistake.format_message(), err=True)
        return mistake.exit_code
    screen, parameter = make_screen(env_file), getattr(mistake, "param", None)
    among = context is not None and hasattr(context.command, "commands")
    key = KEYS.get(kind, "no_command" if among else "too_much")
    name = _name(parameter) if parameter else getattr(mistake, "option_name", "")
    said = screen.words(f"terminal.mistake_{key}", **({"name": name} if name else {}))
    command = context.command_path if context is not None else "oogst"
    more = screen.words("terminal.mistake_more", command=f"{command} --help")
    screen.complain(" ".join(filter(None, (said, getattr(parameter, "help", None), more))))
    return mistake.exit_code


def stopped(env_file: Path) -> int:
    """Say that the person stopped it; returns the exit code."""
    screen = make_screen(env_file)
    screen.complain(screen.words("terminal.stopped"))
    return 1


def _name(parameter: Any) -> str:
    """Return how somebody types an option, or what stands for an argument in the help."""
    return " / ".join(parameter.opts) if parameter.param_type_name == "option" else parameter.metavar or parameter.name
