"""`lianluo restore`: a store from a backup, verified before it gets its name."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from actions.backing_up import restore as restored
from commands import options, output
from commands.backup import as_record, lines, shown
from commands.frame import call_of, leaf
from commands.output import Format
from domain.errors import Refused
from domain.people import Actor

app = leaf()


@app.command(help="help.restore")
def restore(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="restore.arg_file")],
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Make the store that the call names of a backup."""
    call = call_of(context)
    if call.before.as_login is not None:
        raise Refused("restore.as_oneself")
    actor = Actor(call.login, call.login, call.host)
    with shown() as told:
        made = restored(Path(file), call.path, actor, call.at, told)
    output.document(form, as_record(made), lambda: lines("restore.done", made))
