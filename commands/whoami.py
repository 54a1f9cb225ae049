"""`lianluo whoami`: who one is to the program, and what one may do where."""

from __future__ import annotations

from collections.abc import Mapping

import typer

from actions.identity import Identity, identity
from catalogue import listing, pick, t
from commands import options, output
from commands.frame import call_of, leaf
from commands.output import Format, Record
from domain.people import Person
from domain.permissions import Scope

app = leaf()


@app.command(help="help.whoami")
def whoami(context: typer.Context, form: options.FormatOption = Format.TABLE) -> None:
    """Print who acts, with roles, stand-ins and permissions."""
    call = call_of(context)
    with call.city() as (store, actor):
        found = identity(store, actor, call.at)
    output.document(form, as_record(found), lambda: lines(found))


def as_record(found: Identity) -> Record:
    """Return who acts as programs read it."""
    return {
        "login": found.actor.login,
        "real_login": found.actor.real_login,
        "host": found.actor.host,
        "name": found.roles[0].name if found.roles else None,
        "roles": [
            {
                "role": person.role.value,
                "unit": person.unit,
                "name": found.units[person.unit].name,
                "of": person.login,
                "valid_to": person.valid_to and person.valid_to.isoformat(),
            }
            for person in found.roles
        ],
        "stands_in_for": [row.absent for row in found.standing_in],
        "stood_in_by": [row.login for row in found.away],
        "may": [
            {"action": action.value, "scope": scope.value, "units": codes}
            for action, scopes in found.may.items()
            for scope, codes in scopes.items()
        ],
    }


def lines(found: Identity) -> list[str]:
    """Return who acts for people: login, roles, stand-ins, and each permission with its reach."""
    actor = found.actor
    by = t("whoami.proxy", login=actor.login, real=actor.real_login) if actor.proxy else actor.login
    pairs = [(t("whoami.login"), by)]
    pairs += [(t("whoami.name"), person.name) for person in found.roles[:1]]
    pairs += [(t("whoami.role"), _role(found, person)) for person in found.roles]
    pairs += [
        (t("whoami.stands_in_for"), t("whoami.until", login=row.absent, day=row.last))
        for row in found.standing_in
    ]
    pairs += [
        (t("whoami.stood_in_by"), t("whoami.until", login=row.login, day=row.last))
        for row in found.away
    ]
    allowed = [
        (t(f"permissions.{action}"), _reach(found, scopes))
        for action, scopes in found.may.items()
        if scopes
    ]
    text = output.paired(pairs)
    if not found.roles:
        return [*text, "", t("whoami.nobody")]
    if not allowed:
        return [*text, "", t("whoami.reads")]
    return [*text, "", t("whoami.may"), *output.paired(allowed, indent=2)]


def _role(found: Identity, person: Person) -> str:
    unit = found.units[person.unit]
    text = f"{t(f'words.role_{person.role}')}  {unit.code} {pick(unit.name, unit.name_en)}"
    if person.login != found.actor.login:
        text += "  " + t("whoami.role_of", login=person.login)
    return text


def _reach(found: Identity, scopes: Mapping[Scope, list[str]]) -> str:
    if Scope.ALL in scopes:
        return t("whoami.scope_all")
    return listing(
        [
            t(
                f"whoami.scope_{scope}",
                unit=listing(
                    [pick(found.units[code].name, found.units[code].name_en) for code in codes]
                ),
            )
            for scope, codes in scopes.items()
        ]
    )
