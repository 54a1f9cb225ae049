"""Where messages go: the addresses of a configuration, and what became of sending one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from domain.errors import UsageError
from domain.values import dataclass

DEFAULT = "default"
"""The key of the language of whoever has none of his own."""

SHEET = "sheet"
"""The key of the addresses of the day sheet."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Addresses by login, by `unit:role`, or by role; and the language of each, by the same keys.

    An address is a URL of Apprise, in which `${NAME}` stands for a variable of the environment
    and `{email}` and `{phone}` for those of the person. `timeout_seconds` is how long an endpoint
    may take, `attempts` how often one that fails is tried.
    """

    to: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lang: Mapping[str, str] = field(default_factory=dict)
    timeout_seconds: int = 10
    attempts: int = 6

    def keys(self, role: str, unit: str = "", login: str = "") -> tuple[str, ...]:
        """Return the keys by which somebody may be named, the narrowest first."""
        return tuple(key for key in (login, f"{unit}:{role}" if unit else "", role) if key)

    def places(self, role: str, unit: str = "", login: str = "") -> list[str]:
        """Return the addresses of somebody, as `liaison[1]`: of the narrowest key that has any."""
        for key in self.keys(role, unit, login):
            if self.to.get(key):
                return [f"{key}[{number}]" for number in range(1, len(self.to[key]) + 1)]
        return []

    def language(self, role: str, unit: str, login: str, otherwise: str) -> str:
        """Return the language of somebody."""
        for key in (*self.keys(role, unit, login), DEFAULT):
            if key in self.lang:
                return self.lang[key]
        return otherwise

    def address(self, place: str) -> str | None:
        """Return what an address of `places` stands for, None where the configuration has none."""
        key, _, rest = place.rpartition("[")
        urls = self.to.get(key, ())
        number = int(rest[:-1]) if rest.endswith("]") and rest[:-1].isdecimal() else 0
        return urls[number - 1] if 1 <= number <= len(urls) else None


_VARIABLE = r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}"
_SCHEME = r"([A-Za-z][A-Za-z0-9+.-]{0,30})://"
_OF_PERSON = r"\{(email|phone)\}"


def masked(address: str) -> str:
    """Return an address as it may be shown: its scheme alone, or the variable that holds it."""
    import re

    if re.fullmatch(_VARIABLE, address):
        return address
    match = re.match(_SCHEME, address)
    return f"{match[1]}://***" if match else "***"


def personal(address: str) -> bool:
    """Return whether an address takes somebody's own number or mailbox."""
    return "{email}" in address or "{phone}" in address


def filled(address: str, environ: Mapping[str, str], own: Mapping[str, str]) -> str | None:
    """Return an address with variables, and the person's `email` or `phone` URL-quoted, put in.

    None where the person has none. Raises UsageError for a variable that is not set, by its name.
    """
    import re
    from urllib.parse import quote

    def of_environment(match: re.Match[str]) -> str:
        value = environ.get(match[1], "")
        if not value:
            raise UsageError("outbox.variable_missing", name=match[1])
        return value

    whole = re.sub(_VARIABLE, of_environment, address)
    wanted = {match[1] for match in re.finditer(_OF_PERSON, whole)}
    if not all(own.get(name, "").strip() for name in wanted):
        return None
    # Quoted: what somebody has as a mailbox adds nothing to the address around it.
    return re.sub(_OF_PERSON, lambda match: quote(own[match[1]].strip(), safe="@"), whole)


class Fate(StrEnum):
    """What became of one attempt: it arrived, it surely did not, or nobody can say."""

    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Attempt:
    """The outcome of one attempt; `problem` is a code as `http:500`; `retry_after` in seconds."""

    fate: Fate
    problem: str = ""
    retry_after: int | None = None


def parse_addresses(key: str, value: object) -> Mapping[str, tuple[str, ...]]:
    """Return the addresses of a configuration's table; raises UsageError that quotes none."""
    import re

    if not isinstance(value, dict):
        raise UsageError("outbox.addresses_bad", key=key)
    found: dict[str, tuple[str, ...]] = {}
    for name, urls in value.items():
        inner = f"{key}.{name}"
        listed = [urls] if isinstance(urls, str) else urls
        if not isinstance(listed, list) or not all(isinstance(url, str) for url in listed):
            raise UsageError("outbox.addresses_bad", key=inner)
        if not all(re.match(_SCHEME, url) or re.fullmatch(_VARIABLE, url) for url in listed):
            raise UsageError("outbox.address_bad", key=inner)
        found[name] = tuple(listed)
    return found
