"""Where texts may go: nowhere, to a computer of your own network, or to a known host in the European Union.

The address is read by one strict pattern, so that no two readers of it can disagree on which host it names. A name is
judged again by the address that it leads to, at the moment of the call.
"""

import ipaddress
import re
from dataclasses import dataclass

from bot.writing import Mode

EU_HOSTS = {
    "eu.api.openai.com": True,
    "api.mistral.ai": False,
    "api.scaleway.ai": False,
    "oai.endpoints.kepler.ai.cloud.ovh.net": False,
}
"""Hosts that keep to the EU, and whether they know OpenAI's own fields (`store`): the others refuse or ignore those."""

_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])"
    r"(?::(?P<port>[1-9][0-9]{0,4}))?(?P<path>(?:/[a-z0-9._~-]+)*)/?",
    re.IGNORECASE,
)
_OWN_NETWORKS = tuple(
    ipaddress.ip_network(net)
    for net in ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)
"""Loopback, and what RFC 1918 and RFC 4193 set apart; not link-local, where clouds keep their secrets."""
_PORTS = {"http": 80, "https": 443}


class WrongPlace(ValueError):
    """Texts may not go there; `kind` says why: address, local_public, eu_host or eu_https. The address is not told."""

    def __init__(self, kind: str) -> None:
        """Keep the kind."""
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True)
class Place:
    """An endpoint that may be called under its mode. `host` is in lower case and without brackets."""

    mode: Mode
    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        """Return the address as a client wants it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.path}"

    @property
    def knows_store(self) -> bool:
        """Tell whether the host knows `store`, with which OpenAI is told to keep nothing."""
        return EU_HOSTS.get(self.host, False)

    def is_at(self, scheme: str, host: str, port: int | None) -> bool:
        """Tell whether a request goes to this place and nowhere else."""
        return (scheme, host.lower(), port or _PORTS.get(scheme)) == (self.scheme, self.host, self.port)

    def allows(self, address: str) -> bool:
        """Tell whether texts may go to the address that the host turned out to have."""
        return self.mode is Mode.EU or is_own(address)


def place(mode: Mode, address: str) -> Place | None:
    """Return where a mode may send texts, None for mode `none`. Raises WrongPlace."""
    if mode is Mode.NONE:
        return None
    found = _ADDRESS.fullmatch(address)
    if found is None or ".." in address:
        raise WrongPlace("address")
    scheme, host = found["scheme"].lower(), found["host"].lower().strip("[]")
    port = int(found["port"] or _PORTS[scheme])
    if port > 65535:
        raise WrongPlace("address")
    if mode is Mode.EU:
        _in_the_union(scheme, host, port)
    elif _is_literal(host) and not is_own(host):
        raise WrongPlace("local_public")
    return Place(mode, scheme, host, port, found["path"])


def is_own(address: str) -> bool:
    """Tell whether an IP address is this computer or in a private network; an IPv4 address in IPv6 counts as itself."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in network for network in _OWN_NETWORKS)


def _in_the_union(scheme: str, host: str, port: int) -> None:
    if host not in EU_HOSTS or port != _PORTS["https"]:
        raise WrongPlace("eu_https" if host in EU_HOSTS and scheme == "http" else "eu_host")
    if scheme != "https":
        raise WrongPlace("eu_https")


def _is_literal(host: str) -> bool:
    """Whether a host is an address and not a name; a name of digits (`2130706433`) is judged by what it leads to."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
