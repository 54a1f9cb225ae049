"""Values behave as the standard library's frozen dataclasses with slots do."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from dataclasses import FrozenInstanceError, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.values import dataclass


def plain(decorator: Any) -> Any:
    """Return one class, decorated."""

    @decorator(frozen=True, slots=True)
    class Plain:
        """Fields of every kind."""

        number: int
        text: str = "none"
        items: list[int] = field(default_factory=list)
        aside: int = field(default=0, compare=False)
        hidden: str = field(default="", repr=False)
        derived: int = field(init=False, compare=False)
        fixed: int = field(init=False, default=7)

        def __post_init__(self) -> None:
            object.__setattr__(self, "derived", self.number * 2)

        @property
        def double(self) -> int:
            """Return twice the number."""
            return self.number * 2

    return Plain


Ours, Standard = plain(dataclass), plain(dataclasses.dataclass)


@dataclass(frozen=True, slots=True)
class Kept:
    """A value that a module has, so that it can be pickled."""

    name: str
    more: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Wider(Kept):
    """One that adds to another's fields."""

    last: int = 0


@dataclass(frozen=True, slots=True)
class Empty:
    """One without fields."""


arguments = st.fixed_dictionaries(
    {"number": st.integers()},
    optional={
        "text": st.text(),
        "items": st.lists(st.integers()),
        "aside": st.integers(),
        "hidden": st.text(),
    },
)


@given(arguments, arguments)
def test_it_says_and_compares_as_the_standard_one_does(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert repr(Ours(**one)) == repr(Standard(**one)).replace("Standard", "Ours")
    assert dataclasses.asdict(Ours(**one)) == dataclasses.asdict(Standard(**one))
    assert (Ours(**one) == Ours(**other)) == (Standard(**one) == Standard(**other))
    changed = dataclasses.replace(Ours(**one), text="x")
    assert dataclasses.asdict(changed) == dataclasses.asdict(
        dataclasses.replace(Standard(**one), text="x")
    )


@given(arguments)
def test_the_first_ones_are_as_later_ones(one: dict[str, Any]) -> None:
    @dataclass(frozen=True, slots=True)
    class New:
        """One of which none has been made yet."""

        number: int
        text: str = "none"
        items: list[int] = dataclasses.field(default_factory=list)
        aside: int = dataclasses.field(default=3, compare=False)
        hidden: str = dataclasses.field(default="", repr=False)
        twice: int = dataclasses.field(default=0, repr=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "twice", 2 * self.number)

    made = [New(**one) for _ in range(6)]
    assert all(value == made[-1] and value.twice == 2 * value.number for value in made)
    plain = [dataclasses.asdict(value) for value in made]
    assert plain == plain[-1:] * 6
    assert len({id(value.items) for value in made}) == (1 if "items" in one else 6)


@pytest.mark.parametrize("kind", [Ours, Standard], ids=["ours", "the standard's"])
def test_nothing_of_it_can_be_set_or_deleted(kind: Any) -> None:
    value = kind(1)
    for name in ("number", "hidden"):
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, 2)
    with pytest.raises(FrozenInstanceError):
        del value.number
    assert not hasattr(value, "__dict__")
    assert (value.derived, value.double, value.fixed) == (2, 2, 7)


def test_the_first_call_and_later_ones_complain_alike() -> None:
    @dataclass(frozen=True, slots=True)
    class Fresh:
        """One that was never made before."""

        name: str

    for _ in range(2):
        with pytest.raises(TypeError, match=r"Fresh\.__init__\(\) missing 1 required"):
            Fresh()  # type: ignore[call-arg]
        with pytest.raises(TypeError, match="unexpected keyword"):
            Fresh("a", other=1)  # type: ignore[call-arg]
    assert Fresh("a").name == "a"


def test_each_has_lists_of_its_own() -> None:
    one, other = Ours(1), Ours(1)
    one.items.append(3)
    assert other.items == []


def test_values_of_two_classes_are_never_equal() -> None:
    assert Kept("a") != Wider("a")
    assert Kept("a").__eq__(("a", ())) is NotImplemented
    assert Wider("a", (1,), 2) == Wider("a", (1,), 2)
    assert Wider("a", last=2) != Wider("a", last=3)
    assert Empty() == Empty()


def test_equal_values_are_one_in_a_set() -> None:
    assert len({Kept("a", (1,)), Kept("a", (1,)), Kept("a"), Empty(), Empty()}) == 3


def test_it_can_be_matched_copied_and_pickled() -> None:
    value = Wider("a", (1, 2), 3)
    match value:
        case Wider(name, more, last):
            assert (name, more, last) == ("a", (1, 2), 3)
    assert copy.copy(value) == copy.deepcopy(value) == pickle.loads(pickle.dumps(value)) == value


def test_methods_of_ones_own_stay() -> None:
    @dataclass(frozen=True, slots=True)
    class Told:
        """One that says itself in its own words."""

        name: str

        def __repr__(self) -> str:
            return f"told {self.name}"

    assert repr(Told("a")) == "told a"
