"""The decorator of values: frozen dataclasses with slots whose methods are made at first use.

The standard library compiles six methods for each such class when its module is imported, which is
most of what a short command would spend on its start; it never calls most of them. What is made
here is a standard dataclass too: `fields`, `replace`, `asdict` and `match` treat it as one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal, TypeVar

T = TypeVar("T")


def _dataclass(*, frozen: Literal[True], slots: Literal[True]) -> Callable[[type[T]], type[T]]:
    """Return the decorator; a value is always frozen and has slots."""
    assert frozen
    assert slots
    return _value


if TYPE_CHECKING:
    # A type checker knows the standard one, and that they are alike.
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 - offered from here
else:
    dataclass = _dataclass


def _value(given: type[T]) -> type[T]:
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)(given)
    compared = [field.name for field in dataclasses.fields(made) if field.compare]
    content: Callable[[Any], Any] = attrgetter(*compared) if compared else _nothing

    def begin(self: Any, *args: Any, **named: Any) -> None:
        init = made.__init__ = _compiled(made)
        init(self, *args, **named)

    def equal(self: Any, other: Any) -> Any:
        return content(self) == content(other) if other.__class__ is made else NotImplemented

    def hashed(self: Any) -> int:
        return hash(content(self))

    made.__init__ = begin
    for name, method in {"__eq__": equal, "__hash__": hashed, **_SHARED}.items():
        if name not in given.__dict__:
            setattr(made, name, method)
    found: type[T] = made
    return found


def _compiled(made: Any) -> Callable[..., None]:
    """Return the `__init__` of a class: it sets each slot, then calls `__post_init__`."""
    known: dict[str, Any] = {"missing": dataclasses.MISSING}
    params, body = ["self"], []
    for field in dataclasses.fields(made):
        name, value = field.name, field.name
        if field.default_factory is not dataclasses.MISSING:
            known[f"make_{name}"] = field.default_factory
            value = f"make_{name}() if {name} is missing else {name}"
            default = "=missing"
        else:
            known[f"default_{name}"] = field.default
            default = "" if field.default is dataclasses.MISSING else f"=default_{name}"
        if field.init:
            params.append(f"{name}{default}")
        elif not default:
            continue
        else:
            value = value.partition(" if ")[0] if default == "=missing" else f"default_{name}"
        known[f"set_{name}"] = getattr(made, name).__set__
        body.append(f" set_{name}(self, {value})")
    if hasattr(made, "__post_init__"):
        body.append(" self.__post_init__()")
    exec(f"def __init__({', '.join(params)}):\n" + ("\n".join(body) or " pass"), known)
    init: Callable[..., None] = known["__init__"]
    init.__qualname__ = f"{made.__qualname__}.__init__"
    return init


def _nothing(_value: object) -> tuple[()]:
    return ()


def _repr(self: Any) -> str:
    shown = [f"{f.name}={getattr(self, f.name)!r}" for f in dataclasses.fields(self) if f.repr]
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


def _set(_self: object, name: str, _value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _delete(_self: object, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[object]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _set_state(self: Any, state: list[object]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)


_SHARED: dict[str, Callable[..., Any]] = {
    "__repr__": _repr,
    "__setattr__": _set,
    "__delattr__": _delete,
    "__getstate__": _state,
    "__setstate__": _set_state,
}
