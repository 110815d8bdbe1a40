"""The terminal's door: setting up, running, trying out, filling and checking Oogst.

`oogst --help` must come at once, so each command's body lives in a file of its own and is imported when it runs.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer

from handlers.terminal.help import help_texts

ENV_FILE = Path(".env")


def main() -> None:
    """Run the command that was typed; the way in for `oogst` and `python -m handlers.terminal`."""
    texts = help_texts(os.environ)
    command = typer.main.get_command(make_app(texts))
    for name, sub in getattr(command, "commands", {}).items():
        for parameter in sub.params:
            parameter.help = texts.get(f"{name}.{parameter.name}")
    try:
        ended = command(standalone_mode=False)
    except typer.Abort:
        from handlers.terminal.mistakes import stopped

        ended = stopped(ENV_FILE)
    except typer.TyperException as mistake:
        from handlers.terminal.mistakes import tell

        ended = tell(mistake, ENV_FILE)
    sys.exit(ended)


def make_app(texts: dict[str, str]) -> typer.Typer:
    """Return the commands, with these lines of help."""
    app = typer.Typer(
        name="oogst",
        help=texts["oogst"],
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,  # plain help is there in half the time, and reads well aloud
        pretty_exceptions_enable=False,  # it would print local variables, tokens among them
    )
    for name, command in COMMANDS.items():
        app.command(name, help=texts[name], short_help=texts[name])(command)
    return app


def _demo(
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8017,
    keep: Annotated[Path | None, typer.Option(file_okay=False)] = None,
    open_page: Annotated[bool, typer.Option("--open/--no-open")] = True,
) -> None:
    from handlers.terminal.demo import demo

    raise typer.Exit(demo(port=port, keep=keep, open_page=open_page))


def _setup(open_pages: Annotated[bool, typer.Option("--open/--no-open")] = True) -> None:
    from handlers.terminal.exclusive import exclusively
    from handlers.terminal.setup import setup

    raise typer.Exit(exclusively(ENV_FILE, lambda: setup(ENV_FILE, open_pages=open_pages)))


def _run() -> None:
    from handlers.terminal.run import run

    raise typer.Exit(run(ENV_FILE))


def _serve(new_key: Annotated[bool, typer.Option("--new-key")] = False) -> None:
    from handlers.terminal.serve import serve

    raise typer.Exit(serve(ENV_FILE, new_key=new_key))


def _roster(file: Annotated[Path, typer.Argument(metavar="FILE.csv")]) -> None:
    from handlers.terminal.exclusive import exclusively
    from handlers.terminal.roster import roster

    raise typer.Exit(exclusively(ENV_FILE, lambda: roster(ENV_FILE, file)))


def _import(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...")],
    region: Annotated[str | None, typer.Option(metavar="NAME")] = None,
    kind: Annotated[str | None, typer.Option(metavar="KIND")] = None,
) -> None:
    from handlers.terminal.exclusive import exclusively
    from handlers.terminal.material import import_material

    raise typer.Exit(exclusively(ENV_FILE, lambda: import_material(ENV_FILE, files, region=region, kind=kind)))


def _harvest(
    notes: Annotated[Path, typer.Argument(metavar="NOTES.jsonl")],
    agenda: Annotated[Path | None, typer.Option(metavar="AGENDA.json")] = None,
    state: Annotated[Path | None, typer.Option(metavar="DIR")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    from handlers.terminal.harvest import harvest

    raise typer.Exit(harvest(notes, agenda=agenda, state=state, as_json=as_json))


def _digest(
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    region: Annotated[str | None, typer.Option(metavar="NAME")] = None,
) -> None:
    from handlers.terminal.digest import digest

    raise typer.Exit(digest(ENV_FILE, region, dry_run=dry_run))


def _export(
    what: Annotated[Literal["trail"] | None, typer.Argument(metavar="[trail]")] = None,
    folder: Annotated[Path, typer.Option("--out", "--to", metavar="FOLDER")] = Path("oogst-export"),
    session: Annotated[str | None, typer.Option(metavar="ID")] = None,
    form: Annotated[Literal["docx", "pdf", "html", "md"] | None, typer.Option("--format")] = None,
    theme: Annotated[str | None, typer.Option(metavar="NAME")] = None,
    template: Annotated[Path | None, typer.Option(metavar="FILE.docx")] = None,
    region: Annotated[str | None, typer.Option(metavar="NAME")] = None,
    report: Annotated[str | None, typer.Option(metavar="NAME")] = None,
    kind: Annotated[str | None, typer.Option(metavar="KIND")] = None,
    examples: Annotated[bool, typer.Option("--examples")] = False,
) -> None:
    from handlers.terminal.examples import export_examples
    from handlers.terminal.export import export
    from handlers.terminal.reports import export_reports
    from handlers.terminal.trail_list import export_lists

    if what == "trail":
        raise typer.Exit(export_lists(ENV_FILE, folder, region=region, kind=kind))
    if examples:
        raise typer.Exit(export_examples(ENV_FILE, folder, form=form, template=template))
    asked = [(name, page) for name, page in ((report, False), (region, True)) if name]
    codes = [export_reports(ENV_FILE, folder, name, page=page, form=form, template=template) for name, page in asked]
    if codes:
        raise typer.Exit(max(codes))
    raise typer.Exit(export(ENV_FILE, folder, session=session, form=form, theme=theme, template=template))


def _forget(
    user: Annotated[str, typer.Argument(metavar="USER")],
    sure: Annotated[bool, typer.Option("--yes")] = False,
) -> None:
    from handlers.terminal.exclusive import exclusively
    from handlers.terminal.forget import forget

    raise typer.Exit(exclusively(ENV_FILE, lambda: forget(ENV_FILE, user, sure=sure)))


def _doctor(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    from handlers.terminal.doctor import doctor

    raise typer.Exit(doctor(ENV_FILE, as_json=as_json))


def _backup(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", dir_okay=False)] = None,
    keep: Annotated[int | None, typer.Option(min=1)] = None,
) -> None:
    from handlers.terminal.backup import backup

    raise typer.Exit(backup(ENV_FILE, file, keep))


def _restore(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", dir_okay=False)] = None,
    replay: Annotated[bool, typer.Option("--replay")] = False,
) -> None:
    from handlers import log
    from handlers.terminal.restore import restore

    log.configure("WARNING")  # what it does is told on the screen
    raise typer.Exit(restore(ENV_FILE, file, replay=replay))


def _check() -> None:
    from handlers.terminal.check import check

    raise typer.Exit(check(ENV_FILE))


COMMANDS: dict[str, Callable[..., None]] = {
    "demo": _demo,
    "setup": _setup,
    "run": _run,
    "serve": _serve,
    "roster": _roster,
    "import": _import,
    "harvest": _harvest,
    "digest": _digest,
    "export": _export,
    "doctor": _doctor,
    "forget": _forget,
    "backup": _backup,
    "restore": _restore,
    "check": _check,
}
