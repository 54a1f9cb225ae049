"""`lianluo init`: a new store from a registry folder, or the demo."""

from __future__ import annotations

from typing import Annotated

import typer

from actions.opening import found
from actions.sharing import prepare_folder, share_file
from catalogue import t
from commands import output
from commands.call import Call
from commands.frame import call_of, leaf
from domain.errors import Refused, UsageError
from domain.instants import parse_day
from domain.people import Actor
from domain.settings import CityRules
from exchange.config import default_store
from exchange.registry import read_registry, shipped
from storage.store import Store
from storage.units import Selection, selected

app = leaf()

DEFAULT = "guangzhou"


@app.command(help="help.init")
def init(
    context: typer.Context,
    registry: Annotated[
        str | None,
        typer.Option(
            "--registry", metavar="guangzhou|DIR", help="help.init_registry", autocompletion=shipped
        ),
    ] = None,
    starts: Annotated[
        str | None, typer.Option("--starts", metavar="DATE", help="help.init_starts")
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help="help.init_demo")] = False,
    shared: Annotated[
        str | None, typer.Option("--shared", metavar="GROUP", help="help.init_shared")
    ] = None,
) -> None:
    """Create a store; the login that runs this becomes its first admin."""
    call = call_of(context)
    if demo and (registry is not None or starts is not None):
        raise UsageError("cli.demo_alone")
    if call.before.as_login is not None:
        raise Refused("cli.init_as_oneself")
    rules = call.loaded.settings.applied_to(CityRules())
    _make_default_folder(call)
    if shared is not None:
        prepare_folder(call.path.parent, shared)
    with _founded(call, rules, registry or DEFAULT, starts, demo) as store:
        call.tell_unknown_years(store.calendar)
        output.text(
            [
                t(
                    "cli.init_done",
                    store=str(store.path),
                    units=len(selected(store.connection, Selection())),
                    starts=store.starts,
                    login=call.login,
                )
            ]
        )
    if shared is not None:
        # Once it is closed: the engine gives the logs of an open store the mode that it had then.
        share_file(call.path, shared)


def _founded(call: Call, rules: CityRules, registry: str, starts: str | None, demo: bool) -> Store:
    actor = Actor(call.login, call.login, call.host)
    if demo:
        from exchange.demo import found_demo

        return found_demo(call.path, rules, actor, call.at)
    today = rules.zone().day_of(call.at)
    first = today if starts is None else parse_day(starts, today)
    return found(call.path, read_registry(registry), rules, first, actor, call.at)


def _make_default_folder(call: Call) -> None:
    """Make the user's own data folder where the store goes there; no other folder."""
    folder = call.path.parent
    if call.path != default_store():
        return
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Refused("cli.folder_not_made", folder=str(folder)) from error
