"""Why a database cannot be used. Screens say it in their own language, by key; a log has the English of here."""

PROBLEMS = {
    "database.in_use": "{file} is in use: Oogst is running already on this database. Stop that one first.",
    "database.on_network": (
        "{file} is on a disk of the network ({kind}), where two computers could write it at once and damage it. "
        "Set OOGST_DATABASE to a file on a disk of this computer, or to a PostgreSQL database."
    ),
    "database.unreachable": ("{name} cannot be reached ({reason}). Check OOGST_DATABASE, and whether the server runs."),
    "database.encoding": (
        "{name} keeps text as {encoding}, in which not every letter fits. "
        "Make a database with ENCODING 'UTF8', and set OOGST_DATABASE to that one."
    ),
    "database.only_read": ("{name} can only be read: it is a copy of another server. Set OOGST_DATABASE to that one."),
    "database.may_not_create": "{name}: this account may not make tables there. Let it own the database.",
    "database.server_of_another": (
        "{name} is a database of another program (it has a table {table}). "
        "It was left untouched; make a database of its own for Oogst."
    ),
    "database.not_upgraded": (
        "{name} could not be brought up to date ({reason}). Nothing was changed; start Oogst again."
    ),
    "database.no_driver": "PostgreSQL needs more: uv sync --extra server. Or set OOGST_DATABASE to a file.",
    "database.unknown_kind": (
        "{kind}: this version keeps its memory in SQLite or PostgreSQL. Set OOGST_DATABASE to "
        "a file, such as oogst.db. Or to an address, such as postgresql://user:password@host/database."
    ),
    "database.bad_address": (
        "The address of the PostgreSQL database cannot be read. "
        "Set OOGST_DATABASE to an address such as postgresql://user:password@host/database."
    ),
    "database.no_file": "{name} is on a server: there is no file here to work on.",
    "database.no_folder": "{file}: the folder {folder} does not exist. Make it, or set OOGST_DATABASE to another file.",
    "database.is_folder": "{file} is a folder. Set OOGST_DATABASE to a file, such as {example}.",
    "database.no_right": "{file} cannot be written ({reason}). Give this account the right to write it.",
    "database.not_ours": (
        "{file} is not a database of Oogst. It was left untouched; set OOGST_DATABASE to another file."
    ),
    "database.of_another": (
        "{file} is a database of another program. It was left untouched; set OOGST_DATABASE to another file."
    ),
    "database.cannot_use": (
        "{file} cannot be used ({reason}). It was left untouched. "
        "See whether there is room, and whether this account may write in the folder. "
        "Or put back your newest copy: oogst restore FILE"
    ),
    "database.lost_log": (
        "{file} has lost its log ({log}), in which the newest changes stood. It was left untouched; put that "
        "file back, or your newest copy: oogst restore FILE"
    ),
    "database.damaged": (
        "{file} is damaged ({what}). It was left untouched; put back your newest copy: oogst restore FILE"
    ),
    "database.newer": (
        "{name} was made by a newer version of Oogst ({revision}). Install that version, or use another database."
    ),
    "database.unreadable": (
        "{file} cannot be read ({reason}). It was left untouched; put back your newest copy: oogst restore FILE"
    ),
    "backup.nothing_there": "{file} is not there: there is nothing to copy. The first `oogst run` makes it.",
    "backup.differs": "{copy} does not hold what {file} holds. Try again, on another disk.",
    "backup.failed": (
        "{file} cannot be copied to {copy} ({reason}). See with `oogst check` whether the database is whole."
    ),
    "restore.not_there": "{file} is not there.",
    "restore.not_ours": "{file} is not a database of Oogst.",
    "restore.of_another": "{file} is a database of another program.",
    "restore.damaged": "{file} is damaged ({what}). Take an older copy.",
    "restore.unreadable": "{file} cannot be read ({reason}). Take an older copy.",
    "restore.newer": "{file} was made by a newer version of Oogst. Install that version first.",
    "restore.itself": "{file} is the database itself. Name a copy.",
}
"""By key of the catalogue, where the same sentence stands in every language."""


class Problem(Exception):
    """Something about the database that an administrator must know: `words(problem.key, **problem.values)`."""

    def __init__(self, key: str, /, **values: object) -> None:
        """Say which of PROBLEMS it is, with what fills its blanks. The values never hold a password."""
        super().__init__(PROBLEMS[key].format(**values))
        self.key = key
        self.values = values


class Unusable(Problem):
    """The database cannot be used; the text says which one, why, and what to do. It never holds a password."""
