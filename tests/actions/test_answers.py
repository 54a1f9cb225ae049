"""Overdue, due, rates, networks and explanations as of any instant (R2, R10, R11, R13, R14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from fractions import Fraction

import pytest

from actions import networks
from actions.board import board
from actions.expecting import roll
from actions.explaining import explain
from actions.overdue import due, overdue
from actions.rates import Grouping, rates, tally
from actions.reporting import file, file_zero
from actions.schedules import adopt_rules, save_exemptions, save_schedules
from domain.errors import LianluoError, NotFound, UsageError
from domain.explaining import Explanation
from domain.instants import Instant
from domain.lights import Light
from domain.networks import Network
from domain.obligations import ObligationKind
from domain.people import Role
from domain.rates import Tally
from domain.reports import Content, ReportKind
from domain.schedules import Days, Exemption, Schedule
from domain.settings import CityRules
from storage import units
from storage.store import Store
from storage.units import Selection
from tests.actions.conftest import ADMIN, AT, DAY, LIAISON, STARTS, at

EVERY = Selection()
TUESDAY = STARTS + timedelta(1)


def late(store: Store, when: Instant, selection: Selection = EVERY) -> list[str]:
    return [owed.obligation.id for owed in overdue(store, when, selection)]


def coming(store: Store, when: Instant, until: Instant, selection: Selection = EVERY) -> list[str]:
    return [owed.obligation.id for owed in due(store, when, until, selection)]


class TestOverdue:
    """Open obligations past due, longest first, then by unit code."""

    def test_order_and_seconds(self, store: Store) -> None:
        found = overdue(store, AT, EVERY)
        assert [owed.obligation.id for owed in found] == [
            f"R-202611{day}-{unit}"
            for day in ("02", "03")
            for unit in ("D1", "D2", "LAND", "OLD", "PLAN")
        ]
        assert found[0].overdue_seconds == AT - at("02 17:00")
        assert {owed.light for owed in found} == {Light.RED}
        assert found[0].unit.name == "甲区"

    def test_five_silent_days_are_five(self, store: Store) -> None:
        assert len(late(store, at("06 17:00:01"), Selection(unit="D1"))) == 5

    def test_to_the_second(self, store: Store) -> None:
        assert late(store, at("02 17:00:00")) == []
        assert len(late(store, at("02 17:00:01"))) == 5

    def test_as_of_an_earlier_instant_what_was_discharged_later_is_there(
        self, store: Store
    ) -> None:
        file_zero(store, LIAISON, "D1", STARTS, at("03 10:00"))
        name = "R-20261102-D1"
        assert name in late(store, at("03 09:59:59"))
        assert name not in late(store, at("03 10:00:00"))
        assert name not in late(store, AT)
        assert name not in late(store, at("02 17:00"))

    def test_what_was_filed_in_time_never_is(self, store: Store) -> None:
        file_zero(store, LIAISON, "D1", DAY, at("04 17:00:00"))
        roll(store, at("06 09:00"))
        for when in ("04 17:00:01", "05 09:00"):
            assert "R-20261104-D1" not in late(store, at(when))

    def test_exempt_days_are_not_owed_as_of_any_instant(self, store: Store) -> None:
        save_exemptions(store, ADMIN, [Exemption("D1", STARTS, TUESDAY, "x")], AT)
        assert late(store, AT, Selection(unit="D1")) == []
        assert late(store, at("03 09:00"), Selection(unit="D1")) == []

    @pytest.mark.parametrize(
        ("selection", "units"),
        [
            (Selection(unit="D1"), {"D1"}),
            (Selection(under="D1"), {"D1"}),
            (Selection(under="CITY"), {"D1", "D2", "OLD", "LAND", "PLAN"}),
            (Selection(network=Network.VERTICAL), {"D1", "D2", "OLD"}),
            (Selection(network=Network.HORIZONTAL), {"D1", "D2", "OLD", "LAND", "PLAN"}),
            (Selection(network=Network.SUPERVISION), {"D1", "LAND"}),
            (Selection(network=Network.SUPERVISION, under="D1"), {"D1"}),
            (Selection(unit="NOWHERE"), set()),
        ],
    )
    def test_of_a_part(self, store: Store, selection: Selection, units: set[str]) -> None:
        assert {owed.unit.code for owed in overdue(store, AT, selection)} == units

    def test_of_a_kind(self, store: Store) -> None:
        assert len(overdue(store, AT, EVERY, ObligationKind.REPORT)) == 10
        assert overdue(store, at("18 09:00"), EVERY, ObligationKind.STEP) == []

    def test_days_not_created_yet_are_there(self, store: Store) -> None:
        before = late(store, at("09 09:00"))
        roll(store, at("09 09:00"))
        assert late(store, at("09 09:00")) == before
        assert before[-1] == "R-20261108-D2"


class TestDue:
    """What falls due next, soonest first."""

    def test_from_now_through_the_end_of_the_span(self, store: Store) -> None:
        cut_off = at("04 17:00")
        everyone = [f"R-20261104-{unit}" for unit in ("D1", "D2", "LAND", "PLAN")]
        assert coming(store, AT, cut_off) == everyone
        assert coming(store, AT, cut_off - 1) == []
        assert coming(store, cut_off, cut_off) == everyone
        assert coming(store, cut_off + 1, cut_off + 1) == []

    def test_days_ahead_are_computed(self, store: Store) -> None:
        found = coming(store, AT, at("07 18:00"), Selection(unit="PLAN"))
        assert found == [f"R-202611{day}-PLAN" for day in ("04", "05", "06")]

    def test_as_of_an_earlier_instant_it_is_as_it_was_then(self, store: Store) -> None:
        now = at("02 09:00")
        until = at("05 18:00")
        before = coming(store, now, until)
        file_zero(store, LIAISON, "D1", DAY, at("04 10:00"))
        roll(store, at("18 09:00"))
        assert coming(store, now, until) == before
        assert "R-20261105-D1" in before
        assert "R-20261104-D1" not in coming(store, at("04 10:00"), until)

    def test_what_falls_due_around_midnight_of_utc(self, store: Store) -> None:
        """The city's day is not the day of UTC: at half past seven it is still yesterday there."""
        rows = [Schedule("D1", Days.DAILY, time(7, 40)), Schedule("D2", Days.DAILY, time(8, 10))]
        save_schedules(store, ADMIN, rows, AT)
        for unit in ("D1", "D2"):
            file_zero(store, ADMIN, unit, date(2026, 11, 6), at("06 09:00"))
        when = at("06 07:30")
        assert coming(store, when, at("06 07:45")) == ["R-20261106-D1"]
        assert coming(store, when, at("06 08:15")) == ["R-20261106-D1", "R-20261106-D2"]

    def test_exempt_and_filed_days_do_not_fall_due(self, store: Store) -> None:
        file_zero(store, LIAISON, "D1", DAY, AT)
        save_exemptions(store, ADMIN, [Exemption("D2", DAY, DAY, "x")], AT)
        assert coming(store, AT, at("04 18:00")) == ["R-20261104-LAND", "R-20261104-PLAN"]

    @pytest.mark.parametrize(("when", "light"), [("04 15:59:59", "green"), ("04 16:00", "amber")])
    def test_lights(self, store: Store, when: str, light: str) -> None:
        found = due(store, at(when), at("04 17:00"), EVERY)
        assert {owed.light.value for owed in found} == {light}
        assert found[0].overdue_seconds == at(when) - at("04 17:00")


class TestRates:
    """Counts as of an instant, grouped."""

    @pytest.fixture(autouse=True)
    def filed(self, store: Store) -> None:
        file_zero(store, ADMIN, "D1", STARTS, at("02 10:00"))
        file_zero(store, ADMIN, "D2", STARTS, at("02 18:00"))
        file_zero(store, ADMIN, "LAND", STARTS, at("03 18:00"))
        file_zero(store, ADMIN, "T1", STARTS, at("03 18:00"))
        file(
            store,
            ADMIN,
            "D2",
            STARTS,
            Content(ReportKind.DAILY, "一起"),
            at("03 12:00"),
            amending=True,
            reason="x",
        )
        save_exemptions(store, ADMIN, [Exemption("PLAN", TUESDAY, TUESDAY, "x")], AT)

    def found(self, store: Store, by: Grouping, when: Instant = AT) -> dict[str, Tally]:
        return dict(rates(store, STARTS, DAY, EVERY, when, by))

    def test_by_day(self, store: Store) -> None:
        found = self.found(store, Grouping.DAY)
        assert list(found) == ["2026-11-02", "2026-11-03", "2026-11-04"]
        monday = found["2026-11-02"]
        assert (monday.on_time, monday.late, monday.made_up, monday.missing) == (1, 1, 1, 2)
        assert monday.zero == 2
        assert monday.reporting_rate == Fraction(3, 5)
        tuesday = found["2026-11-03"]
        assert (tuesday.exempt, tuesday.missing, tuesday.expected) == (1, 4, 4)
        assert tuesday.zero_share is None
        wednesday = found["2026-11-04"]
        assert (wednesday.pending, wednesday.expected) == (4, 0)
        assert wednesday.reporting_rate is None

    def test_as_of_earlier_the_zero_was_still_one(self, store: Store) -> None:
        before = self.found(store, Grouping.DAY, at("03 11:59:59"))["2026-11-02"]
        after = self.found(store, Grouping.DAY, at("03 12:00:00"))["2026-11-02"]
        assert (before.zero, after.zero) == (2, 1)
        assert before.received == after.received == 2

    def test_by_unit_in_registry_order_without_those_never_asked(self, store: Store) -> None:
        found = self.found(store, Grouping.UNIT)
        assert list(found) == ["LAND", "PLAN", "D1", "D2", "OLD"]
        assert found["OLD"].expected == 2

    def test_by_month_network_and_district(self, store: Store) -> None:
        save_schedules(store, ADMIN, [Schedule("T1", Days.DAILY)], AT, restate_past=True)
        assert list(self.found(store, Grouping.MONTH)) == ["2026-11"]
        nets = self.found(store, Grouping.NETWORK)
        assert list(nets) == ["horizontal", "vertical", "supervision"]
        assert nets["horizontal"].expected == 5 + 4
        assert nets["vertical"].expected == 4 + 4
        # LAND, D1 and T1 of Monday and Tuesday.
        assert nets["supervision"].expected == 3 + 3
        districts = self.found(store, Grouping.DISTRICT)
        assert list(districts) == ["D1", "D2", "OLD"]
        assert districts["D1"].expected == 4
        assert districts["D1"].made_up == 1

    def test_the_whole_is_the_sum_of_any_grouping(self, store: Store) -> None:
        whole = tally(board(store, STARTS, DAY, EVERY, AT))
        for by in (Grouping.UNIT, Grouping.DAY, Grouping.MONTH):
            total = Tally()
            for part in self.found(store, by).values():
                total.merge(part)
            assert total == whole

    def test_a_reversed_range(self, store: Store) -> None:
        with pytest.raises(UsageError):
            rates(store, DAY, STARTS, EVERY, AT, Grouping.DAY)


class TestBoard:
    """One row per unit and day."""

    def test_units_that_are_not_expected_are_left_out_unless_asked_for(self, store: Store) -> None:
        codes = [row.unit.code for row in board(store, DAY, DAY, EVERY, AT)]
        assert codes == ["LAND", "PLAN", "D1", "D2"]
        rows = board(store, DAY, DAY, EVERY, AT, everything=True)
        assert [row.unit.code for row in rows] == ["CITY", "LAND", "PLAN", "D1", "D2", "T1"]
        assert rows[0].status == "not_expected"
        assert rows[0].due_at is None

    def test_partial_zeros_and_counts_of_findings(self, store: Store) -> None:
        file_zero(store, LIAISON, "D1", DAY, AT, areas=(5, 6))
        row = board(store, DAY, DAY, Selection(unit="D1"), AT)[0]
        assert row.partial
        assert row.filed is not None
        assert (row.filed.findings, row.filed.revision, row.filed.filed_by) == (0, 1, "d1")

    def test_no_day_at_the_end_of_time_breaks_it(self, store: Store) -> None:
        assert len(board(store, date.max, date.max, EVERY, AT)) == 2 + 2
        assert board(store, date.min, date.min, EVERY, AT) == []

    def test_a_reversed_range(self, store: Store) -> None:
        with pytest.raises(UsageError):
            board(store, DAY, STARTS, EVERY, AT)


def of_report(store: Store, name: str, instant: int) -> Explanation:
    found = explain(store, name, instant)
    assert isinstance(found, Explanation)
    return found


class TestExplaining:
    """The rule, the days, what may fire, and whose turn it is."""

    def test_a_missed_day(self, store: Store) -> None:
        found = of_report(store, "R-20261102-D1", AT)
        assert found.unit.code == "D1"
        assert found.status == "missed"
        assert found.light is Light.RED
        assert (found.rule, found.local_default) == (Days.DAILY, True)
        assert (found.overdue_days, found.overdue_workdays) == (2, 2)
        assert found.overdue_seconds == AT - at("02 17:00")
        assert found.holder is not None
        assert found.holder.code == "D1"
        assert found.contacts.liaison is not None
        assert found.contacts.liaison.login == "d1"
        assert [rung.rung.name for rung in found.planned][:2] == ["reminder", "urge"]

    def test_a_row_is_no_local_default(self, store: Store) -> None:
        save_schedules(store, ADMIN, [Schedule("D1", Days.WORKDAYS)], AT)
        found = of_report(store, "R-20261104-D1", AT)
        assert (found.rule, found.local_default) == (Days.WORKDAYS, False)
        assert not of_report(store, "R-20261105-D1", AT).local_default

    def test_a_filed_day_is_nobodys_turn(self, store: Store) -> None:
        file_zero(store, LIAISON, "D1", STARTS, AT)
        found = of_report(store, "R-20261102-D1", AT)
        assert found.holder is None
        assert (found.overdue_seconds, found.overdue_days) == (0, 0)
        before = of_report(store, "R-20261102-D1", AT - 1)
        assert before.holder is not None
        assert before.status == "missed"

    def test_the_ladder_is_the_citys(self, store: Store) -> None:
        adopt_rules(store, ADMIN, replace(CityRules(), ladder_report=()), AT)
        assert explain(store, "R-20261102-D1", AT).planned == ()

    @pytest.mark.parametrize(
        "name",
        ["", "x", "R-20261102-NOWHERE", "R-20261102-T1", "R-20261301-D1", "R-20261101-D1"],
    )
    def test_what_is_no_obligation_is_not_found(self, store: Store, name: str) -> None:
        with pytest.raises(LianluoError) as missing:
            explain(store, name, AT)
        assert isinstance(missing.value, NotFound)


class TestNetworks:
    """Views on a day, and the part below a root."""

    def codes(self, store: Store, which: Network, day: date, root: str | None = None) -> list[str]:
        return [unit.code for unit in networks.network(store, which, day, root).members]

    def test_on_a_day(self, store: Store) -> None:
        assert self.codes(store, Network.HORIZONTAL, TUESDAY) == ["LAND", "PLAN", "D1", "D2", "OLD"]
        assert self.codes(store, Network.HORIZONTAL, DAY) == ["LAND", "PLAN", "D1", "D2"]
        assert self.codes(store, Network.VERTICAL, DAY) == ["CITY", "D1", "D2", "T1"]
        assert self.codes(store, Network.SUPERVISION, DAY) == ["LAND", "D1", "T1"]

    def test_below_a_root(self, store: Store) -> None:
        assert self.codes(store, Network.VERTICAL, DAY, "D1") == ["D1", "T1"]
        assert self.codes(store, Network.SUPERVISION, DAY, "LAND") == ["LAND", "D1", "T1"]
        assert self.codes(store, Network.SUPERVISION, DAY, "D1") == ["D1", "T1"]
        assert self.codes(store, Network.SUPERVISION, DAY, "T1") == ["T1"]
        below = networks.network(store, Network.SUPERVISION, DAY, "D1")
        assert below.links == (("D1", "T1"),)
        assert below.supervisors["D1"] == ("LAND",)

    def test_gaps_of_the_horizontal_network(self, store: Store) -> None:
        seen = networks.network(store, Network.HORIZONTAL, DAY, "LAND")
        lacks: dict[str, set[Role]] = {unit.code: set() for unit in seen.members}
        for gap in seen.gaps:
            lacks[gap.code].add(gap.lacks)
        assert lacks["D1"] == set()
        assert lacks["PLAN"] == {Role.LEADER, Role.DEPUTY}
        assert lacks["D2"] == {Role.LEADER, Role.LIAISON, Role.DEPUTY}

    def test_membership_is_of_the_day(self, store: Store) -> None:
        old = units.get(store.connection, "OLD")
        assert old is not None
        inside = networks.membership(store, Network.HORIZONTAL)
        assert inside(old, TUESDAY)
        assert not inside(old, DAY)
        assert networks.membership(store, None)(old, DAY)
