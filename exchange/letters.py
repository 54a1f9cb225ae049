"""Letters from templates: DOCX in, DOCX out, the same bytes for the same facts."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from domain.errors import NotFound, Refused, UsageError
from domain.papers import PaperKind, kind_named
from domain.texts import visible

FOLDER = Path(__file__).parent / "templates"

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_NO_CHARACTERS = re.compile("[\ufffe\uffff]")
"""What no XML document may hold, besides what steers a terminal."""

_BROKEN = (LookupError, ValueError, TypeError, ArithmeticError, AttributeError)
"""How the libraries stumble over a file that is a package, and no letter."""

Facts = Mapping[str, Any]
"""What a letter is filled with: texts, and lists of tables of texts."""


def template(own: Path | None, language: str, kind: PaperKind) -> tuple[str, bytes]:
    """Return the file and the content of a kind's template in a language.

    The city's own, `<folder>/<language>/<kind>.docx`, goes before the one that ships. Raises
    NotFound where the folder that the configuration names is not there, Refused where a template
    cannot be read.
    """
    name = f"{language}/{kind}.docx"
    if own is not None and not own.is_dir():
        raise NotFound("papers.no_folder", folder=str(own))
    path = FOLDER / name
    if own is not None and (own / name).is_file():
        path = own / name
    try:
        return str(path), path.read_bytes()
    except OSError as error:
        raise Refused("papers.template_unread", file=str(path)) from error


def letter(file: str, content: bytes, kind: PaperKind, facts: Facts) -> bytes:
    """Return the letter that a template makes of the facts; `file` names it in an error.

    A template is held to its facts: a name that it does not have, a mistake in its marks, or a
    file that is no DOCX is a UsageError of one sentence.
    """
    from docx.opc.exceptions import OpcError
    from docxtpl import DocxTemplate
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import SandboxedEnvironment
    from lxml.etree import LxmlError

    marks = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    named = kind_named(kind)
    try:
        document = DocxTemplate(io.BytesIO(content))
        document.render(dict(_cleaned(facts)), marks, autoescape=True)
        made = io.BytesIO()
        document.save(made)
    except TemplateError as error:
        problem = visible(str(error.message or type(error).__name__))
        raise UsageError("papers.template_bad", file=file, kind=named, problem=problem) from error
    except (OpcError, LxmlError, zipfile.BadZipFile, *_BROKEN) as error:
        raise UsageError("papers.template_broken", file=file, kind=named) from error
    return steady(made.getvalue())


def steady(package: bytes) -> bytes:
    """Return an Office file with the same parts, and no trace of when it was packed."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as before,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            part = zipfile.ZipInfo(name, _LONG_AGO)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = 0o600 << 16
            after.writestr(part, before.read(name))
    return packed.getvalue()


def plain(text: str) -> str:
    """Return a text as one line that every Office file can hold."""
    return _NO_CHARACTERS.sub("?", visible(text))


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Mapping):
        return {name: _cleaned(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_cleaned(inner) for inner in value]
    return value
