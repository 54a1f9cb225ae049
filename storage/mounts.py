"""Whether a file lies on a network drive, where several machines cannot share a store."""

from __future__ import annotations

from pathlib import Path

MOUNTS = Path("/proc/self/mounts")
"""The table of what is mounted where; there is none on other systems, and nothing is known."""

NETWORK_DRIVES = frozenset(
    {
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "davfs",
        "fuse.ceph",
        "fuse.davfs2",
        "fuse.glusterfs",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.sshfs",
        "gfs2",
        "glusterfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "ocfs2",
        "smb3",
        "smbfs",
    }
)
"""File systems on which the engine's shared memory is not shared between machines."""

_ESCAPES = {"\\040": " ", "\\011": "\t", "\\012": "\n", "\\134": "\\"}


def network_drive(path: Path) -> str | None:
    """Return the file system of the network drive that a path lies on, None where it is none."""
    try:
        table = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
        place = path.resolve()
    except (OSError, RuntimeError, ValueError):
        return None
    nearest, kind = -1, ""
    for line in table.splitlines():
        _, mounted, system, *_ = [*line.split(" "), "", "", ""]
        for escape, character in _ESCAPES.items():
            mounted = mounted.replace(escape, character)
        point = Path(mounted)
        # Of two at one place, the later one lies on top.
        if place.is_relative_to(point) and len(point.parts) >= nearest:
            nearest, kind = len(point.parts), system
    return kind if kind in NETWORK_DRIVES else None
