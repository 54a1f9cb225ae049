from __future__ import annotations

from dataclasses import replace

import catalogue
from domain.calendar import Calendar
from domain.instants import Zone
from domain.networks import Contacts
from domain.obligations import Obligation, ObligationKind
from domain.people import Person, Role
from domain.units import Kind, Unit
from exchange.urging import urging_text

ZONE = Zone("Asia/Shanghai")
AT = ZONE.parse("2026-11-23 18:00")
UNIT = Unit("440111", "白云区", Kind.DISTRICT, "Baiyun")
OWED = Obligation(ObligationKind.REPORT, "440111", "2026-11-20", 0, 1)


def test_each_day_is_a_line() -> None:
    liaison = Person("baiyun", "白云区联络员", "440111", Role.LIAISON, "020-1")
    owed = [OWED, replace(OWED, subject="2026-11-23")]
    text = urging_text(UNIT, owed, Contacts(liaison=liaison), AT, ZONE, Calendar())
    assert text.splitlines() == [
        "[Reminder] Baiyun: daily reports not filed as of 2026-11-23 18:00 (2):",
        "2026-11-20 (Friday) overdue 3 d (workdays: 1)",
        "2026-11-23 (Monday) today",
        "白云区联络员 020-1: please file now; where nothing was found, file a zero report.",
    ]


def test_a_unit_without_contacts_is_urged_all_the_same() -> None:
    catalogue.use("zh")
    text = urging_text(UNIT, [OWED], Contacts(), AT, ZONE, Calendar())
    assert text.splitlines()[-1] == "请尽快报送;确无发现的,请报零报告。"
