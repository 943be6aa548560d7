"""Where an answer may lead: to the server that was asked or to arXiv's, not into one's own network.

Whoever answers could otherwise have this machine ask whatever only it can reach (SSRF).
"""

from __future__ import annotations

import ipaddress
from typing import Any

import httpx2

_ARXIV = "arxiv.org"
_USUAL_PORTS = {"http": 80, "https": 443}
# Proxies that pretend addresses ("fake IP") take them from this block, set aside for measuring.
_MEASURING = ipaddress.IPv4Network("198.18.0.0/15")
# IPv6 that ends in an IPv4 address (RFC 6052, and RFC 4291's "compatible" ones), and such of one's
# own network (RFC 8215).
_ENDS_IN_IPV4 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))
_OWN_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")


def may_lead_to(target: httpx2.URL, asked: httpx2.URL) -> bool:
    """Tell whether a redirect may go from what was ``asked`` to ``target``.

    To the same server it may, be it to the other one of the usual ports, and to arXiv's. Of what is
    no web address httpx2 says so.
    """
    if target.scheme not in _USUAL_PORTS:
        return True
    if is_same_server(target, asked):
        return True
    return _is_arxivs(target.host) and _server(target)[1] is None


def is_same_server(one: httpx2.URL, other: httpx2.URL) -> bool:
    """Tell whether host and port are the same; the usual ports of both schemes count as one."""
    return _server(one) == _server(other)


def is_own_network(address: str) -> bool:
    """Tell whether an IP address is one of this machine, of its network, or of no single machine.

    Raises ValueError where it is no address.
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.is_site_local or found in _OWN_NAT64:
            return True
        if any(found in network for network in _ENDS_IN_IPV4):
            found = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        else:
            found = found.ipv4_mapped or found.sixtofour or found
    if isinstance(found, ipaddress.IPv4Address) and found in _MEASURING:
        return False
    return found.is_multicast or not found.is_global


class NetworkGuard:
    """Looks at the address that a connection for ``target`` has, before anything is sent over it.

    So no name can lead to another address than the one that was looked at. The server that was
    ``asked`` for in the first place may be anywhere: the operator has named it.
    """

    def __init__(self, target: httpx2.URL, asked: httpx2.URL) -> None:
        self._host = "" if is_same_server(target, asked) else target.raw_host.decode("ascii")
        self._is_direct = False

    def problem(self, event: str, info: dict[str, Any]) -> str:
        """Return why a connection must not be used, "" where it may.

        ``event`` and ``info`` are those of https://www.encode.io/httpcore/extensions/#trace; where
        this is not called for the host itself, the connection is one to the operator's proxy.
        """
        if event == "connection.connect_tcp.started":
            self._is_direct = info["host"] == self._host
        elif event == "connection.connect_tcp.complete" and self._is_direct:
            stream = info["return_value"]
            address = str(stream.get_extra_info("server_addr")[0])
            if is_own_network(address):
                stream.close()
                return f"it leads to {self._host}, which is {address}, in a network of one's own"
        return ""


def _server(url: httpx2.URL) -> tuple[str, int | None]:
    """Return host and port, None for a usual one."""
    port = url.port or _USUAL_PORTS.get(url.scheme)
    return url.host.lower().rstrip("."), None if port in _USUAL_PORTS.values() else port


def _is_arxivs(host: str) -> bool:
    name = host.lower().rstrip(".")
    return name == _ARXIV or name.endswith(f".{_ARXIV}")
