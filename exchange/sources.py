"""Files that rows come from: opened once, named, hashed, and their encoding found out."""

from __future__ import annotations

import codecs
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO

from domain.errors import NotFound, Refused, Rejected, UsageError
from domain.values import dataclass
from exchange import bounds

STANDARD = "-"
"""The name of standard input and standard output."""

_CHUNK = 1 << 20


class Format(StrEnum):
    """How a file is written."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    JSONL = "jsonl"


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, which can be read again from its beginning.

    `name` has no folder; `sha256` is of the file's bytes; `encoding` is blank for XLSX.
    """

    name: str
    format: Format
    stream: IO[bytes]
    sha256: str
    encoding: str


def format_of(name: str) -> Format:
    """Return the format that a file's ending says, CSV for `-`; raises UsageError."""
    if name == STANDARD:
        return Format.CSV
    try:
        return Format(Path(name).suffix.lower().removeprefix("."))
    except ValueError:
        allowed = [f".{known}" for known in Format]
        raise UsageError("tables.ending_unknown", file=name, allowed=allowed) from None


@contextmanager
def opened(name: str, stdin: BinaryIO | None = None) -> Iterator[Source]:
    """Open a file by name, `-` for `stdin`.

    Raises NotFound where there is none, Refused where it cannot be read, UsageError for an
    ending that is no format, Rejected for a text that is neither UTF-8 nor GB18030.
    """
    form = format_of(name)
    with _stream(name, stdin) as stream:
        shown = name if name == STANDARD else Path(name).name
        digest, encoding = _examined(stream, shown, form)
        if encoding is None:
            raise Rejected("tables.encoding_unknown", file=shown)
        stream.seek(0)
        yield Source(shown, form, stream, digest, encoding)


@contextmanager
def _stream(name: str, stdin: BinaryIO | None) -> Iterator[IO[bytes]]:
    if name == STANDARD:
        if stdin is None:
            raise UsageError("tables.no_standard_input")
        with _kept(stdin) as stream:
            yield stream
        return
    path = Path(name)
    if path.is_dir():
        raise NotFound("tables.file_is_folder", file=name)
    try:
        with path.open("rb") as stream:
            if stream.seekable():
                yield stream
            else:
                with _kept(stream) as copy:
                    yield copy
    except FileNotFoundError:
        raise NotFound("tables.file_missing", file=name) from None
    except PermissionError:
        raise Refused("tables.file_unreadable", file=name) from None


@contextmanager
def _kept(stream: IO[bytes]) -> Iterator[IO[bytes]]:
    """Keep what cannot be read twice."""
    with SpooledTemporaryFile(max_size=16 * _CHUNK) as copy:
        shutil.copyfileobj(stream, copy, _CHUNK)
        copy.seek(0)
        yield copy


def _examined(stream: IO[bytes], name: str, form: Format) -> tuple[str, str | None]:
    """Return the SHA-256 of a stream, and the encoding that all of it is valid in."""
    text = form is not Format.XLSX
    open_bytes = 0
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")() if text else None
    for chunk in _chunks(stream):
        digest.update(chunk)
        if form is Format.CSV:
            open_bytes = bounds.check_line(chunk, open_bytes, name)
        if decoder is not None and not _decodes(decoder, chunk):
            decoder = None
    if not text:
        return digest.hexdigest(), ""
    if decoder is not None and _decodes(decoder, b"", final=True):
        return digest.hexdigest(), "utf-8-sig"
    stream.seek(0)
    older = codecs.getincrementaldecoder("gb18030")()
    fits = all(_decodes(older, chunk) for chunk in _chunks(stream))
    fits = fits and _decodes(older, b"", final=True)
    return digest.hexdigest(), "gb18030" if fits else None


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        return "\0" not in decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
