"""Which addresses replies may go to, and our token be shown to."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_allowed(service_url: str, hosts: frozenset[str]) -> bool:
    """Whether replies may go to this address: a listed host, over HTTPS unless it is our own."""
    try:
        parts = urlsplit(service_url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    plain = parts.username is None and parts.password is None and not parts.query
    safe = parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))
    return plain and safe and host in hosts and not parts.fragment


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
