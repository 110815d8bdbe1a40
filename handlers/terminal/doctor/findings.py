"""What one check found, and how serious it is."""

from dataclasses import dataclass

GOOD, WARNING, WRONG, OFF = "good", "warning", "wrong", "off"
SIGNS = {GOOD: "✓", WARNING: "!", WRONG: "✗", OFF: "-"}


@dataclass(frozen=True)
class Finding:
    """The outcome of one check: which, how it is, and a line that names the repair when there is one."""

    check: str
    state: str
    text: str
