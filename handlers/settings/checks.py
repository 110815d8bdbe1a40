"""Looks at one setting each: what it may be. Each check returns the setting, or raises what `wrong` makes."""

import base64
import binascii
import ipaddress
import zipfile
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from pydantic_core import PydanticCustomError


class WrongSettings(Exception):
    """One or more settings are missing or wrong; `problems` has one line for each, in the language that was asked."""

    def __init__(self, problems: list[str]) -> None:
        """Keep the lines; none of them repeats a value, since that may be a secret in the wrong place."""
        super().__init__("\n".join(problems))
        self.problems = problems


def wrong(kind: str, **values: str) -> PydanticCustomError:
    """Make the error whose text is `settings.<kind>` in the catalogue."""
    return PydanticCustomError(f"oogst_{kind}", "wrong setting", values)


def bot_token_problem(token: str) -> str | None:
    """Tell by its looks what is wrong with a bot token: the last part of a text key, or None when it may be one."""
    if token.startswith("xoxe."):
        return "token_rotates"
    if token.startswith("xapp-"):
        return "bot_token_is_app_token"
    if token.startswith("xoxp-"):
        return "bot_token_is_user_token"
    return None if token.startswith("xoxb-") and one_word(token) else "bot_token_looks_wrong"


def app_token_problem(token: str) -> str | None:
    """Tell by its looks what is wrong with an app token: the last part of a text key, or None when it may be one."""
    if token.startswith(("xoxb-", "xoxp-", "xoxe.")):
        return "app_token_is_bot_token"
    return None if token.startswith("xapp-") and one_word(token) else "app_token_looks_wrong"


def one_word(token: str) -> bool:
    """Tell whether a token can be sent in a header: printable ASCII without spaces."""
    return token.isascii() and token.isprintable() and " " not in token


def bot_token(token: SecretStr) -> SecretStr:
    """A bot token, by its looks."""
    if problem := bot_token_problem(token.get_secret_value()):
        raise wrong(problem)
    return token


def app_token(token: SecretStr) -> SecretStr:
    """An app token, by its looks."""
    if problem := app_token_problem(token.get_secret_value()):
        raise wrong(problem)
    return token


def model_key(key: SecretStr) -> SecretStr:
    """A key that fits in a header."""
    if not one_word(key.get_secret_value()):
        raise wrong("model_key_looks_wrong")
    return key


def on_this_computer(host: str | None) -> bool:
    """Tell whether a host name or address never leaves this computer."""
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def address(text: str) -> str:
    """A web address."""
    try:
        parts = urlsplit(text)
        found, _ = parts.hostname, parts.port
    except ValueError:
        raise wrong("address") from None
    if parts.scheme not in ("http", "https") or not found:
        raise wrong("address")
    return text


def safe_address(text: str) -> str:
    """Refuse plain http to another computer: a token would cross the network for all to read."""
    if text.startswith("http:") and not on_this_computer(urlsplit(text).hostname):
        raise wrong("address_not_safe")
    return text


def with_slash(text: str) -> str:
    """An address to which names are appended."""
    return text if text.endswith("/") else f"{text}/"


def zone(name: str) -> str:
    """A time zone that this computer knows."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, not a name at all, a folder such as "Europe"
        raise wrong("zone") from None
    return name


def word_template(path: Path) -> Path:
    """A Word file is a zip; what stands in it is looked at when a document is made."""
    if not path.is_file() or not zipfile.is_zipfile(path):
        raise wrong("word_template")
    return path


def _leads_to_a_database(address: str) -> bool:
    try:
        url = urlsplit(address)
        _ = url.port
    except ValueError:
        return False
    return bool(url.path.strip("/"))


def without_password(address: str) -> str:
    """Return what may be shown of where the database is: of a server its host and name."""
    if not address.startswith(("postgresql://", "postgres://")):
        return address
    url = urlsplit(address)
    return f"postgresql://{url.netloc.rpartition('@')[2]}{url.path}"


def database(value: str) -> str:
    """Turn a path or sqlite:/// address into a path whose folder exists; leave the address of a server as it is."""
    scheme, found, rest = value.partition("://")
    if found and scheme in ("postgresql", "postgres"):
        if find_spec("psycopg") is None:
            raise wrong("database_postgresql")
        if not _leads_to_a_database(value):
            raise wrong("database_server")
        return value
    if found and (scheme != "sqlite" or not rest.startswith("/") or len(rest) == 1):
        raise wrong("database_address")
    path = Path(rest[1:] if found else value).expanduser()
    try:
        if path.is_dir():
            raise wrong("database_is_folder")
        if not path.parent.is_dir():
            raise wrong("database_folder")
    except PermissionError:
        raise wrong("database_closed") from None
    return str(path)


def region_word(word: str) -> str:
    """What people call a region: one short word."""
    if not word.strip() or len(word) > 20 or not all(letter.isalpha() or letter in " -'" for letter in word):
        raise wrong("region_word")
    return word.strip()


def tokens(value: object) -> int:
    """Read a whole number of tokens, with or without the dots that people write in it."""
    digits = str(value).replace(".", "").replace("_", "").strip()
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 12:
        raise wrong("tokens")
    return int(digits)


def upper(value: object) -> object:
    """Capitals do not matter."""
    return value.upper() if isinstance(value, str) else value


def lower(value: object) -> object:
    """Capitals do not matter."""
    return value.lower() if isinstance(value, str) else value


def secret_word(secret: SecretStr) -> SecretStr:
    """A signing or client secret of Slack: letters and digits, never one of the tokens by mistake."""
    text = secret.get_secret_value()
    if len(text) < 8 or not one_word(text) or text.startswith("x"):
        raise wrong("secret_looks_wrong")
    return secret


def client_id(text: str) -> str:
    """An app's number: two groups of digits with a dot between them."""
    first, dot, second = text.partition(".")
    if not (dot and text.isascii() and first.isdecimal() and second.isdecimal()):
        raise wrong("client_id")
    return text


def token_key(secret: SecretStr) -> SecretStr:
    """One or more keys with commas between them, each of 32 bytes in base64: the first one seals, all of them open."""
    for key in secret.get_secret_value().split(","):
        try:
            raw = base64.urlsafe_b64decode(key.strip())
        except (ValueError, binascii.Error):
            raise wrong("token_key") from None
        if len(raw) != 32:
            raise wrong("token_key")
    return secret


def public_url(text: str) -> str:
    """Where the outside world finds us; browsers bring secrets there, so it is https or this computer."""
    parts = urlsplit(safe_address(address(text)))
    if parts.query or parts.fragment or parts.username is not None:
        raise wrong("address")
    return text.rstrip("/")


def port(value: object) -> int:
    """A port on this computer."""
    text = str(value).strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= 5 and 0 < int(text) < 65536):
        raise wrong("port")
    return int(text)


def host(text: str) -> str:
    """An address of this computer to listen on: a number, or `localhost`."""
    if text != "localhost":
        try:
            ipaddress.ip_address(text)
        except ValueError:
            raise wrong("host") from None
    return text
