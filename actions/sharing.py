"""A store that a group of people shares: its folder and its file, for them and nobody else."""

from __future__ import annotations

import grp
import os
import stat
from pathlib import Path

from domain.errors import NotFound, Refused

FOLDER = 0o2770
"""Set-gid: what is made in the folder is the group's, the engine's own files among it."""
FILE = 0o660


def prepare_folder(folder: Path, group: str) -> None:
    """Make a folder the group's, creating it where it is missing.

    One that holds other files is not taken over: it has to be the group's already. Raises
    NotFound for an unknown group, Refused where the folder cannot be made so.
    """
    number = _number(group)
    try:
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True)
        about = folder.stat()
        if stat.S_IMODE(about.st_mode) == FOLDER and about.st_gid == number:
            return
        if any(folder.iterdir()):
            raise Refused("sharing.folder_in_use", folder=str(folder), group=group)
        os.chown(folder, -1, number)
        folder.chmod(FOLDER)
    except OSError as error:
        raise Refused("sharing.not_made", path=str(folder), cause=str(error.strerror)) from error


def share_file(path: Path, group: str) -> None:
    """Let the group read and write a store that nobody has open; its logs take the same mode."""
    try:
        os.chown(path, -1, _number(group))
        path.chmod(FILE)
    except OSError as error:
        raise Refused("sharing.not_made", path=str(path), cause=str(error.strerror)) from error


def _number(group: str) -> int:
    try:
        return grp.getgrnam(group).gr_gid
    except (KeyError, ValueError) as error:
        raise NotFound("sharing.group_unknown", group=group) from error
