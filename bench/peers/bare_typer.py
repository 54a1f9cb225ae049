"""The least that a Typer program with a store is: it opens it and prints the rows of one query."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import typer

app = typer.Typer(add_completion=False)


@app.command()
def units(store: Path) -> None:
    """Print the units of a store."""
    connection = sqlite3.connect(store)
    for code, name in connection.execute("SELECT code, name FROM units ORDER BY code"):
        print(code, name)
    connection.close()


if __name__ == "__main__":
    app()
