"""Where the server may listen without keys."""

from __future__ import annotations

import pytest

from graph.errors import SettingsError
from services.api.binding import api_keys, check_binding, is_loopback

LOOPBACK = ["127.0.0.1", "127.8.9.1", "::1", "localhost"]
OPEN = ["0.0.0.0", "::", "", "10.0.0.5", "192.168.1.2", "shop.example", "localhost.example", "8.8.8.8"]


@pytest.mark.parametrize("host", LOOPBACK)
def test_loopback_is_free(host: str) -> None:
    assert is_loopback(host)
    check_binding(host, ())
    check_binding(host, ("key",))


@pytest.mark.parametrize("host", OPEN)
def test_any_other_address_demands_a_key(host: str) -> None:
    assert not is_loopback(host)
    check_binding(host, ("key",))
    with pytest.raises(SettingsError, match="set KEREC_API_KEYS to one or more keys") as caught:
        check_binding(host, ())
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "keys"),
    [(None, ()), ("", ()), (" , ,", ()), ("a", ("a",)), ("a, b ,,c", ("a", "b", "c"))],
)
def test_keys_are_separated_by_commas(given: str | None, keys: tuple[str, ...]) -> None:
    assert api_keys({} if given is None else {"KEREC_API_KEYS": given}) == keys


@pytest.mark.parametrize("given", ["two words", "schlüssel", "ok,tab\tbed"])
def test_a_key_that_no_header_can_carry_is_refused_unseen(given: str) -> None:
    with pytest.raises(SettingsError, match="KEREC_API_KEYS: a key holds a space") as caught:
        api_keys({"KEREC_API_KEYS": given})
    assert given not in str(caught.value)
