"""The decorator of values: frozen dataclasses with slots whose methods are made at first use.

The standard library compiles six methods for each such class when its module is imported, which is
most of what a short command would spend on its start; it never calls most of them. What is made
here is a standard dataclass too: `fields`, `replace`, `asdict` and `match` treat it as one.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, FrozenInstanceError
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
    own = [name for name, kind in inspect.get_annotations(given).items() if _holds(kind)]
    content: Callable[[Any], Any] | None = None

    def compared(self: Any) -> Any:
        nonlocal content
        if content is None:
            names = [field.name for field in dataclasses.fields(made) if field.compare]
            content = attrgetter(*names) if names else _nothing
        return content(self)

    defaults = {name: given.__dict__.get(name, MISSING) for name in own}
    # Most are made once or twice in a short command: compiling pays for none of those.
    left = _BY_HAND if _simple(given, defaults) else 0

    def begin(self: Any, *args: Any, **named: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0 or not _set_by_hand(self, defaults, args, named):
            init = made.__init__ = _compiled(made)
            init(self, *args, **named)

    def equal(self: Any, other: Any) -> Any:
        return compared(self) == compared(other) if other.__class__ is made else NotImplemented

    def hashed(self: Any) -> int:
        return hash(compared(self))

    # All that a class has is in its body: what is set on it afterwards costs many times more.
    body = {"__eq__": equal, "__hash__": hashed, **_SHARED, **given.__dict__, "__init__": begin}
    for name in (*own, "__dict__", "__weakref__"):
        body.pop(name, None)
    told = {name: _Told(name, given) for name in _TOLD}
    body |= {"__slots__": tuple(own), "__qualname__": given.__qualname__, **told}
    kind: Any = type(given)
    made: Any = kind(given.__name__, given.__bases__, body)
    for one in told.values():
        one.made = made
    found: type[T] = made
    return found


def _holds(annotation: object) -> bool:
    """Return whether an annotation is a field's; a variable of the class itself is not."""
    return not str(annotation).startswith(("ClassVar", "typing.ClassVar"))


class _Told:
    """What the standard library has to tell of a value's class, found out when it is asked for."""

    made: Any

    def __init__(self, name: str, given: type[object]) -> None:
        self.name, self.given = name, given

    def __get__(self, _instance: object, _owner: object) -> Any:
        standard = dataclasses.dataclass(init=False, repr=False, eq=False)(self.given)
        for name in _TOLD:
            setattr(self.made, name, getattr(standard, name))
        return getattr(self.made, self.name)


def _simple(given: type[object], defaults: Mapping[str, object]) -> bool:
    """Return whether a class has no fields but its own, all of them parameters."""
    inherits = any(hasattr(base, "__dataclass_fields__") for base in given.__bases__)
    return not inherits and all(
        default.init for default in defaults.values() if isinstance(default, Field)
    )


def _set_by_hand(
    self: Any, defaults: Mapping[str, object], args: Sequence[object], named: Mapping[str, object]
) -> bool:
    """Set each slot as `__init__` would; return False where the arguments do not fit."""
    values: dict[str, object] = dict(zip(defaults, args, strict=False))
    if len(args) > len(defaults) or values.keys() & named or named.keys() - defaults:
        return False
    values |= named
    for name, default in defaults.items():
        if name not in values:
            value = default
            if isinstance(value, Field):
                factory = value.default_factory
                value = value.default if factory is MISSING else factory()
            if value is MISSING:
                return False
            values[name] = value
        object.__setattr__(self, name, values[name])
    if hasattr(self, "__post_init__"):
        self.__post_init__()
    return True


def _compiled(made: Any) -> Callable[..., None]:
    """Return the `__init__` of a class: it sets each slot, then calls `__post_init__`."""
    known: dict[str, Any] = {"missing": MISSING}
    params, body = ["self"], []
    for field in dataclasses.fields(made):
        name, value = field.name, field.name
        if field.default_factory is not MISSING:
            known[f"make_{name}"] = field.default_factory
            value = f"make_{name}() if {name} is missing else {name}"
            default = "=missing"
        else:
            known[f"default_{name}"] = field.default
            default = "" if field.default is MISSING else f"=default_{name}"
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


_BY_HAND = 3
"""How many values of a class are made before their `__init__` is compiled."""
_TOLD = ("__dataclass_fields__", "__dataclass_params__", "__match_args__")
_SHARED: dict[str, Callable[..., Any]] = {
    "__repr__": _repr,
    "__setattr__": _set,
    "__delattr__": _delete,
    "__getstate__": _state,
    "__setstate__": _set_state,
}
