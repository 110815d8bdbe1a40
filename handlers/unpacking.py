"""A process of its own that reads one packed file: `python -m handlers.unpacking`, the bytes in, its text out as JSON.

It imports nothing but the reading itself, so that it is there in half a second, and knows no token. What goes wrong
unforeseen ends it with another code than 0.
"""

import json
import sys

from bot.attachments import Unreadable, read_document

MOST_MEMORY = 1024 * 1024 * 1024
"""Bytes of address space; reading a Word file of 7 MB took 109 MB (measured)."""


def main() -> None:
    """Answer {"text", "left_out"}, or {"reason"} for what cannot be read."""
    _limit_memory()
    try:
        found = read_document(sys.stdin.buffer.read())
    except Unreadable as refused:
        answer: dict[str, object] = {"reason": refused.reason}
    else:
        answer = {"text": found.text, "left_out": sorted(found.left_out)}
    sys.stdout.buffer.write(json.dumps(answer).encode())


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


if __name__ == "__main__":
    main()
