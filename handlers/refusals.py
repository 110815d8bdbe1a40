"""Why the system refuses a file, a folder or a port, in the words of the catalogue."""

import errno

from handlers.words import Words

REASONS = {
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), "not_allowed"),
    **dict.fromkeys((errno.ENOTDIR, errno.EEXIST), "no_folder"),
    errno.EISDIR: "a_folder",
    errno.ENOENT: "not_there",
    errno.ENOSPC: "disk_full",
    errno.EADDRINUSE: "port_taken",
}
"""What the system says most often when it refuses a file, as a text of ours; its own words are English."""


def why(error: OSError, words: Words) -> str:
    """Say in words why the system refuses something; what is rare as the system calls it."""
    key = REASONS.get(error.errno or 0)
    return words(f"terminal.{key}") if key else error.strerror or str(error) or "?"
