"""Tokens are sealed before they are stored, and opened only in memory."""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

SEPARATOR = "\n"


class Unsealable(Exception):
    """No key that we have opens this token, or it was sealed for another workspace."""


def new_key() -> str:
    """Return a key for OOGST_TOKEN_KEY, drawn by chance."""
    return Fernet.generate_key().decode()


class Seal:
    """Seals tokens under the first key, and opens them with any: so a key can be replaced while Oogst runs on."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Take keys as `new_key` makes them, the newest first."""
        self._first = Fernet(keys[0])
        self._all = MultiFernet([Fernet(key) for key in keys])

    def close(self, team: str, token: str) -> str:
        """Return the token as it may be stored; it opens for this workspace only."""
        return self._first.encrypt(f"{team}{SEPARATOR}{token}".encode()).decode()

    def open(self, team: str, sealed: str) -> str:
        """Return the token. Raises Unsealable."""
        try:
            owner, _, token = self._all.decrypt(sealed.encode()).decode().partition(SEPARATOR)
        except (InvalidToken, ValueError):
            raise Unsealable(team) from None
        if owner != team:
            raise Unsealable(team)
        return token

    def is_newest(self, sealed: str) -> bool:
        """Say whether the first key sealed this, so that the older ones are not needed for it."""
        try:
            self._first.decrypt(sealed.encode())
        except InvalidToken:
            return False
        return True
