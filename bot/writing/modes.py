"""How far texts may go to a language model: nowhere, not outside the own network, or to a host in the EU."""

from collections.abc import Iterable
from enum import StrEnum


class Mode(StrEnum):
    """Where a language model may run that reads notes; the strictest first."""

    NONE = "none"
    LOCAL = "local"
    EU = "eu"


_WIDTH = {mode: width for width, mode in enumerate(Mode)}


def reaches(endpoint: Mode, limits: Iterable[Mode]) -> bool:
    """Say whether what has these limits may go to an endpoint that runs under this mode.

    A limit is never looser than the workspace: the endpoint is the workspace's own, and each limit can only refuse it.
    """
    return endpoint is not Mode.NONE and all(_WIDTH[endpoint] <= _WIDTH[limit] for limit in limits)
