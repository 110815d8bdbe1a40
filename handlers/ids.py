"""Ids and secrets that cannot be guessed: the one place where chance comes in. Whoever needs one gets it handed in."""

import secrets


def new_id(kind: str) -> str:
    """Return an id with its kind in front: `ws_3f9a…`, 16 hexadecimal digits."""
    return f"{kind}_{secrets.token_hex(8)}"


def new_secret() -> str:
    """Return a key for signing, of 32 bytes in hexadecimal."""
    return secrets.token_hex(32)


def chance() -> float:
    """Return a number from 0 up to 1."""
    return secrets.SystemRandom().random()
