"""`lianluo backup`: a copy of the store, whole and verified, while others go on writing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from actions.backing_up import Copied, Shown, back_up
from catalogue import t
from commands import options, output
from commands.audit import progress
from commands.frame import call_of, leaf
from commands.output import Format, Record
from domain.instants import utc

app = leaf()


@app.command(help="help.backup")
def backup(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="backup.arg_file")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="backup.opt_overwrite")] = False,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Copy the store to a file."""
    call = call_of(context)
    with call.city() as (store, actor), shown() as told:
        made = back_up(store, actor, Path(file), call.at, told, replace=overwrite)
    output.document(form, as_record(made), lambda: lines("backup.done", made))


@contextmanager
def shown() -> Iterator[Shown]:
    """Show on a terminal how far copying and verifying are; in a pipe nothing."""
    if not sys.stderr.isatty():
        yield Shown(lambda _copied, _pages: None, lambda _what, _count: None)
        return
    with progress() as told:
        yield Shown(lambda copied, pages: told("copying", 100 * copied // max(1, pages)), told)


def as_record(made: Copied) -> Record:
    """Return a copy as programs read it."""
    return {
        "file": str(made.path),
        "bytes": made.size,
        "events": made.head.seq,
        "at": utc(made.head.at),
        "hash": made.head.hash,
        "reports": made.verdict.revisions,
        "archived_years": list(made.archived),
        "archives_missing": list(made.verdict.missing),
    }


def lines(key: str, made: Copied) -> list[str]:
    """Return what is said of a copy that was made."""
    found = [
        t(key, file=str(made.path), bytes=f"{made.size:,}"),
        t("backup.verified", events=made.head.seq, reports=made.verdict.revisions),
        t("backup.head", hash=made.head.hash),
    ]
    if made.archived:
        found.append(t("backup.archives", years=[str(year) for year in made.archived]))
    if made.verdict.missing:
        found.append(t("backup.archives_missing", files=list(made.verdict.missing)))
    return found
