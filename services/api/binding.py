"""Where the server may listen: on loopback freely, anywhere else only with keys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address

from graph.errors import SettingsError

VARIABLE = "KEREC_API_KEYS"
_USABLE = re.compile(r"[\x21-\x7e]+")


def api_keys(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The keys in KEREC_API_KEYS, separated by commas; raises SettingsError for one that no header can carry."""
    keys = tuple(key for key in map(str.strip, environment.get(VARIABLE, "").split(",")) if key)
    if not all(map(_USABLE.fullmatch, keys)):
        raise SettingsError(f"{VARIABLE}: a key holds a space or a character outside ASCII; no header can carry it.")
    return keys


def check_binding(host: str, keys: tuple[str, ...]) -> None:
    """Raise SettingsError where the address can be reached from other machines and no key is demanded there."""
    if keys or is_loopback(host):
        return
    raise SettingsError(
        f"Listening on {host or 'every address'} would open the API to other machines without a key:"
        f" set {VARIABLE} to one or more keys, separated by commas, or listen on 127.0.0.1."
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address; a name other than localhost may point anywhere."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
