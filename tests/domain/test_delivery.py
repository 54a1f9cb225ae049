"""Addresses: the narrowest key, what is put in, and what may be shown of them."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.delivery import Delivery, filled, masked, parse_addresses, personal
from domain.errors import UsageError

DELIVERY = Delivery(
    {"d1": ("json://a",), "D2:liaison": ("json://b", "json://c"), "liaison": ("json://d",)},
    {"default": "zh", "D2:liaison": "en"},
)


@pytest.mark.parametrize(
    ("unit", "login", "places"),
    [
        ("D1", "d1", ["d1[1]"]),
        ("D2", "d2", ["D2:liaison[1]", "D2:liaison[2]"]),
        ("D3", "d3", ["liaison[1]"]),
        ("", "", ["liaison[1]"]),
    ],
)
def test_the_narrowest_key_wins(unit: str, login: str, places: list[str]) -> None:
    assert DELIVERY.places("liaison", unit, login) == places


def test_languages_are_found_by_the_same_keys() -> None:
    assert DELIVERY.language("liaison", "D2", "d2", "zh") == "en"
    assert DELIVERY.language("liaison", "D3", "d3", "en") == "zh"
    assert Delivery().language("liaison", "D3", "d3", "en") == "en"


@pytest.mark.parametrize(
    "place", ["nobody[1]", "D2:liaison[3]", "D2:liaison[0]", "d1", "d1[x]", ""]
)
def test_a_place_that_the_configuration_lacks_is_none(place: str) -> None:
    assert DELIVERY.address(place) is None


def test_a_place_leads_to_its_address() -> None:
    assert DELIVERY.address("D2:liaison[2]") == "json://c"


def test_nothing_but_the_scheme_is_shown() -> None:
    assert masked("mailtos://robot:geheim@example.org?to={email}") == "mailtos://***"
    assert masked("${DINGTALK}") == "${DINGTALK}"
    assert masked("geheim") == "***"
    assert masked("${A}geheim") == "***"


@given(st.text(max_size=40))
def test_a_mailbox_cannot_change_the_address_around_it(mailbox: str) -> None:
    address = "mailtos://robot:pass@smtp.example.org/?to={email}&from=robot"
    found = filled(address, {"SECRET": "nie"}, {"email": mailbox})
    if not mailbox.strip():
        assert found is None
        return
    assert found is not None
    parts = urlsplit(found)
    assert parts.hostname == "smtp.example.org"
    keys = [pair.partition("=")[0] for pair in parts.query.split("&")]
    assert keys == ["to", "from"]
    assert unquote(parts.query.split("&")[0][3:]) == mailbox.strip()


def test_a_variable_is_put_in_as_it_stands_and_named_where_it_is_missing() -> None:
    assert filled("${A}/x", {"A": "json://h?{phone}"}, {"phone": "1 2"}) == "json://h?1%202/x"
    with pytest.raises(UsageError) as caught:
        filled("json://geheim/${A}", {}, {})
    assert caught.value.message.params == {"name": "A"}


def test_who_has_no_number_has_no_address() -> None:
    assert personal("sms://x/{phone}")
    assert not personal("sms://x/phone")
    assert filled("sms://x/{phone}", {}, {"phone": " "}) is None


@pytest.mark.parametrize(
    "table", [5, {"a": 5}, {"a": ["json://x", 5]}, {"a": "geheim"}, {"a": ["json://x", "geheim"]}]
)
def test_an_error_about_an_address_quotes_none(table: object) -> None:
    with pytest.raises(UsageError) as caught:
        parse_addresses("delivery.to", table)
    assert set(caught.value.message.params) == {"key"}
