"""What a list of entries makes of a matter, and every step that must be refused (R12, R15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from domain.calendar import Calendar
from domain.deadlines import Limit, Measure, Suspension
from domain.errors import NotFound, UsageError
from domain.instants import Instant
from domain.matter_refusals import (
    check_closing,
    check_extension_answered,
    check_extension_asked,
    check_extension_granted,
    check_open,
    check_reopening,
    check_reviewer,
    check_step,
    check_words,
)
from domain.matters import (
    Act,
    Entry,
    Matter,
    MatterState,
    OpenStep,
    Started,
    fold,
    limit_text,
    moved_dues,
    number_of,
    parse_subject,
    responsible,
    starts,
    subject,
)
from domain.workflows import Outcome, StepLimit, Workflow, workflows_from_table
from tests.matters_city import ZONE, on, refused, workflows

FINDING = workflows()["finding"]
NOTICE = workflows()["notice"]
LEAD = workflows()["lead"]
CALENDAR = Calendar()
DAYS3 = StepLimit("finding", "verify", "found", Limit(3, Measure.DAYS))


def entry(act: Act, at: Instant, login: str = "a", real: str = "", **more: object) -> Entry:
    return replace(Entry(0, at, login, real or login, act), **more)  # type: ignore[arg-type]


def opened(*steps: str, at: Instant = 0, due: Instant | None = None, login: str = "a") -> Entry:
    return entry(Act.OPEN, at, login, starts=tuple(started(key, due) for key in steps))


def started(key: str, due: Instant | None = None, round_: int = 1) -> Started:
    return Started(key, round_, None, due)


def done(step: str, at: Instant, *begun: str, login: str = "a", real: str = "") -> Entry:
    return entry(Act.DONE, at, login, real, step=step, starts=tuple(map(started, begun)))


def told(flow: Workflow, *entries: Entry, at: Instant = 10**9) -> MatterState:
    return fold(flow, [replace(row, seq=n) for n, row in enumerate(entries, 1)], at)


def keys(state: MatterState) -> list[str]:
    return [found.step.key for found in state.open]


# Names.


def test_names_of_matters_and_their_steps() -> None:
    assert number_of("F", 2026, 113) == "F-2026-0113"
    assert number_of("ABC", 2026, 12345) == "ABC-2026-12345"
    assert subject("F-2026-0113", "verify", 1) == "F-2026-0113/verify"
    assert subject("N-2026-0001", "reply", 2) == "N-2026-0001/reply#2"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("F-2026-0113/verify", ("F-2026-0113", "verify", 1)),
        (" f-2026-0113/verify ", ("F-2026-0113", "verify", 1)),
        ("N-2026-0001/reply#2", ("N-2026-0001", "reply", 2)),
        ("ABC-2026-12345/核查#10", ("ABC-2026-12345", "核查", 10)),
    ],
)
def test_a_step_is_found_by_its_name(text: str, parts: tuple[str, str, int]) -> None:
    assert parse_subject(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "",
        "F-2026-0113",
        "F-2026-0113/",
        "F-2026-113/verify",
        "F-26-0113/verify",
        "2026-0113/verify",
        "FFFF-2026-0113/verify",
        "F-2026-0113/verify#",
        "F-2026-0113/verify#x",
        "F-2026-0113/verify/x",
        "F-2026-0113/a b",
        "F-２０２６-0113/verify",
        "F-2026-0113/verify\nx",
        "R-20261123-440111",
    ],
)
def test_what_is_no_name_of_a_step(text: str) -> None:
    assert refused(parse_subject, text, error=NotFound) == "errors.obligation_unknown"


def test_a_limit_stands_on_its_obligation() -> None:
    assert limit_text(DAYS3) == "3 days"
    assert limit_text(None) == ""


# Folding.


def test_nothing_is_known_before_the_opening() -> None:
    assert refused(told, FINDING, opened("stop", at=5), at=4, error=NotFound) == "matters.not_yet"
    assert refused(told, FINDING, error=NotFound) == "matters.not_yet"


def test_a_matter_opens_with_its_first_steps() -> None:
    state = told(FINDING, opened("verify", "stop", at=5))
    assert state.state == "found"
    assert dict(state.reached) == {"found": 5}
    assert keys(state) == ["stop", "verify"]
    assert (state.closed_at, state.outcome, state.reopened) == (None, None, 0)
    assert state.doer.login == "a"


def test_steps_are_done_one_after_the_other() -> None:
    tale = [
        opened("stop", "verify"),
        done("verify", 1, "report", "file"),
        done("file", 2, "decide"),
        done("stop", 3, login="b"),
        done("decide", 4, "rectify"),
    ]
    state = told(FINDING, *tale)
    assert keys(state) == ["report", "rectify"]
    assert [step.key for step, _ in state.done] == ["verify", "file", "stop", "decide"]
    assert state.state == "decided"
    assert state.reached == {"found": 0, "verified": 1, "filed": 2, "stopped": 3, "decided": 4}
    assert told(FINDING, *tale, at=3).doer.login == "b"
    assert keys(told(FINDING, *tale, at=1)) == ["stop", "report", "file"]
    assert keys(told(FINDING, *tale, at=0)) == ["stop", "verify"]


def test_a_step_that_ends_ends_the_matter() -> None:
    state = told(LEAD, opened("register"), done("register", 1, "investigate"))
    assert state.closed_at is None
    state = told(LEAD, opened("reply"), done("reply", 7))
    assert (state.closed_at, state.outcome, keys(state)) == (7, None, [])


def test_closing_ends_what_is_open() -> None:
    close = entry(Act.CLOSE, 8, outcome=Outcome.TRANSFERRED)
    state = told(FINDING, opened("stop", "verify"), close)
    assert (state.closed_at, state.outcome, keys(state)) == (8, Outcome.TRANSFERRED, [])


def notice_until_return() -> list[Entry]:
    return [
        opened("sign", "reply", login="sup"),
        done("sign", 1),
        done("reply", 2, "review"),
        entry(Act.RETURN, 3, "sup", step="review", starts=(started("reply", 50, 2),)),
    ]


def test_a_returned_reply_is_open_again_and_not_reached() -> None:
    state = told(NOTICE, *notice_until_return())
    assert [(found.step.key, found.round, found.anchor) for found in state.open] == [
        ("reply", 2, 3)
    ]
    assert "replied" not in state.reached
    assert "signed" in state.reached
    assert told(NOTICE, *notice_until_return(), at=2).state == "replied"
    assert state.doer.login == "sup"


def test_a_reply_after_the_return_is_reviewed_again() -> None:
    tale = [*notice_until_return(), done("reply", 4, "review")]
    assert keys(told(NOTICE, *tale)) == ["review"]
    ended = told(NOTICE, *tale, done("review", 5, login="sup"))
    assert ended.closed_at == 5
    assert [step.key for step, _ in ended.done] == ["sign", "reply", "review", "reply", "review"]


def closed_finding() -> list[Entry]:
    return [
        opened("stop", "verify"),
        done("verify", 1, "file"),
        done("file", 2, "decide"),
        done("decide", 3, "rectify"),
        done("rectify", 4),
        entry(Act.CLOSE, 5, "b", outcome=Outcome.RESTORED),
    ]


def reopening(step: str, at: Instant = 6) -> Entry:
    return entry(Act.REOPEN, at, "c", step=step, starts=(started(step, None, 2),))


def test_reopening_counts_and_takes_back_what_followed() -> None:
    state = told(FINDING, *closed_finding(), reopening("file"))
    assert (state.closed_at, state.outcome, state.reopened) == (None, None, 1)
    assert keys(state) == ["file"]
    assert state.reached.keys() == {"found", "verified"}
    assert state.state == "verified"
    again = told(FINDING, *closed_finding(), reopening("rectify"))
    assert again.reached.keys() == {"found", "verified", "filed", "decided"}
    before = told(FINDING, *closed_finding(), reopening("file"), at=5)
    assert (before.closed_at, before.outcome, before.reopened) == (5, Outcome.RESTORED, 0)


def test_dates_move_as_entries_say() -> None:
    ask = entry(Act.ASK_EXTENSION, 1, step="stop", until=date(2026, 12, 1))
    grant = entry(Act.GRANT_EXTENSION, 2, "b", step="stop", dues={"stop": 99})
    first = opened("stop", "verify", due=9)
    asked = told(FINDING, first, ask).open_step("stop")
    assert asked is not None
    assert (asked.asked, asked.due_at, asked.extended) == (replace(ask, seq=2), 9, False)
    granted = told(FINDING, first, ask, grant).open_step("stop")
    assert granted is not None
    assert (granted.asked, granted.due_at, granted.first_due_at) == (None, 99, 9)
    assert granted.extended
    other = told(FINDING, first, ask, grant).open_step("verify")
    assert other is not None
    assert (other.due_at, other.extended) == (9, False)
    refusal_ = entry(Act.REFUSE_EXTENSION, 2, "b", step="stop")
    back = told(FINDING, first, ask, refusal_).open_step("stop")
    assert back is not None
    assert (back.asked, back.due_at, back.extended) == (None, 9, False)
    earlier = told(FINDING, first, ask, grant, at=1).open_step("stop")
    assert earlier == asked


def test_suspensions_are_known_from_when_they_were_recorded() -> None:
    still = Suspension(date(2026, 11, 24), date(2026, 11, 26), "鉴定")
    tale = [opened("stop", due=9), entry(Act.SUSPEND, 5, suspension=still, dues={"stop": 12})]
    state = told(FINDING, *tale)
    assert state.suspensions == (still,)
    assert [state.suspended_on(date(2026, 11, day)) for day in (23, 24, 26, 27)] == [
        False,
        True,
        True,
        False,
    ]
    assert state.open[0].due_at == 12
    assert told(FINDING, *tale, at=4).suspensions == ()
    assert told(FINDING, *tale, at=4).open[0].due_at == 9


def test_a_remark_changes_nothing() -> None:
    first = opened("stop", due=9)
    before = told(FINDING, first)
    assert told(FINDING, first, entry(Act.REMARK, 3, "z", text="看")) == before


# Starting.


LIMITS = [
    DAYS3,
    StepLimit("finding", "file", "verified", Limit(10, Measure.WORKDAYS), date(2014, 7, 1)),
    StepLimit("finding", "file", "verified", Limit(7, Measure.DAYS), None, date(2014, 6, 30)),
]


def test_a_step_starts_with_the_rule_of_its_anchors_day() -> None:
    before = starts(FINDING, LIMITS, "verified", on("2014-06-30 23:59:59"), ZONE, CALENDAR)
    after = starts(FINDING, LIMITS, "verified", on("2014-07-01 00:00:00"), ZONE, CALENDAR)
    assert [(row.step, row.limit) for row in before] == [("report", None), ("file", LIMITS[2])]
    assert [row.limit for row in after] == [None, LIMITS[1]]
    assert before[0].due_at is None
    assert before[1].due_at == on("2014-07-07 23:59:59")
    assert after[1].due_at == on("2014-07-15 23:59:59")


def test_a_return_starts_one_step_and_counts_its_round() -> None:
    found = starts(
        NOTICE, [], "issued", on("2026-11-23 10:00"), ZONE, CALENDAR, (), {"reply": 1}, "reply"
    )
    assert [(row.step, row.round) for row in found] == [("reply", 2)]


def test_what_runs_is_not_started_again() -> None:
    found = starts(FINDING, [], "found", 0, ZONE, CALENDAR, running=["stop"])
    assert [row.step for row in found] == ["verify"]


def test_a_step_starts_under_the_suspensions_that_stand() -> None:
    still = [Suspension(date(2026, 11, 24), date(2026, 11, 30))]
    [_, found] = starts(FINDING, LIMITS, "found", on("2026-11-23 10:00"), ZONE, CALENDAR, still)
    assert found.due_at == on("2026-12-03 23:59:59")


def open_step(
    limit: StepLimit | None, due: str, *, extended: bool = False, asked: Entry | None = None
) -> OpenStep:
    at = on("2026-11-23 10:00")
    step = FINDING.step("verify")
    return OpenStep(step, 1, at, limit, on(due), on(due), extended, asked)


def test_a_suspension_moves_what_a_rule_dated_and_nothing_else() -> None:
    first = told(FINDING, opened("stop"))
    added = Suspension(date(2026, 11, 25), date(2026, 11, 25))

    def moved(*found: OpenStep, by: Suspension = added) -> dict[str, Instant]:
        return moved_dues(replace(first, open=found), by, ZONE, CALENDAR)

    assert moved(open_step(DAYS3, "2026-11-26 23:59:59")) == {"verify": on("2026-11-27 23:59:59")}
    assert moved(open_step(DAYS3, "2026-12-24 23:59:59", extended=True)) == {}
    assert moved(open_step(None, "2026-11-26 23:59:59")) == {}
    later = Suspension(date(2026, 11, 27), date(2026, 11, 30))
    assert moved(open_step(DAYS3, "2026-11-26 23:59:59"), by=later) == {}


# What is refused.


def test_a_step_must_be_open() -> None:
    state = told(FINDING, opened("stop", "verify"), done("verify", 1, "file"))
    number = "F-2026-0001"
    assert check_step(state, FINDING, number, "stop").step.key == "stop"
    for key in ("verify", "decide", "rectify"):
        assert refused(check_step, state, FINDING, number, key) == ("matters.step_not_open")
    assert refused(check_step, state, FINDING, number, "burn", error=UsageError) == (
        "workflows.step_unknown"
    )


def test_a_closed_matter_rests() -> None:
    state = told(FINDING, *closed_finding())
    assert refused(check_open, state, "F-2026-0001") == "matters.closed"
    assert refused(check_step, state, FINDING, "F-2026-0001", "stop") == "matters.closed"
    check_open(told(FINDING, opened("stop")), "F-2026-0001")


@pytest.mark.parametrize(
    ("until", "at", "reason", "key"),
    [
        ("2026-11-27", "2026-11-26 23:59:59", "鉴定", None),
        ("2026-11-27", "2026-11-27 00:00:00", "鉴定", "matters.extension_late"),
        ("2026-11-26", "2026-11-24 10:00", "鉴定", "matters.extension_earlier"),
        ("2026-11-25", "2026-11-24 10:00", "鉴定", "matters.extension_earlier"),
        ("2026-11-27", "2026-11-24 10:00", "  ", "matters.reason_missing"),
    ],
)
def test_asking_for_an_extension(until: str, at: str, reason: str, key: str | None) -> None:
    found = open_step(DAYS3, "2026-11-26 23:59:59")
    wanted = ZONE.end_of(date.fromisoformat(until))
    if key is None:
        check_extension_asked(found, wanted, on(at), reason)
    else:
        assert refused(check_extension_asked, found, wanted, on(at), reason) == key


def test_a_step_without_a_date_has_none_to_extend() -> None:
    found = replace(open_step(DAYS3, "2026-11-26"), due_at=None, first_due_at=None, limit=None)
    assert refused(check_extension_asked, found, on("2026-12-01"), 0, "x") == (
        "matters.extension_earlier"
    )


def test_an_extension_is_answered_by_another() -> None:
    asked = entry(Act.ASK_EXTENSION, 1, "a", "root", step="verify", until=date(2026, 12, 1))
    found = open_step(DAYS3, "2026-11-26 23:59:59", asked=asked)
    assert check_extension_answered(found, "b") == asked
    for login in ("a", "root"):
        assert refused(check_extension_answered, found, login) == ("matters.same_person")
    nothing = open_step(DAYS3, "2026-11-26 23:59:59")
    assert refused(check_extension_answered, nothing, "b") == "matters.extension_not_asked"


def test_no_extension_makes_a_date_earlier() -> None:
    found = open_step(DAYS3, "2026-12-05 23:59:59")
    check_extension_granted(found, on("2026-12-06 23:59:59"))
    for until in ("2026-12-05 23:59:59", "2026-12-01 23:59:59"):
        assert refused(check_extension_granted, found, on(until)) == ("matters.extension_earlier")


def closing(
    entries: Sequence[Entry],
    outcome: Outcome,
    logins: Sequence[str] = ("z",),
    evidence: str = "照片",
    flow: Workflow = FINDING,
) -> None:
    check_closing(told(flow, *entries), flow, "F-2026-0001", outcome, evidence, logins)


def test_closing_waits_for_the_state_of_its_outcome() -> None:
    tale = closed_finding()[:-1]
    found, verified, rectified = tale[:1], tale[:2], tale
    closing(found, Outcome.TRANSFERRED)
    closing(verified, Outcome.UNFOUNDED)
    for outcome in (Outcome.RESTORED, Outcome.DEMOLISHED, Outcome.REGULARISED):
        closing(rectified, outcome)
        for early in (found, verified, tale[:4]):
            assert refused(closing, early, outcome) == ("matters.outcome_early")
    assert refused(closing, found, Outcome.UNFOUNDED) == "matters.outcome_early"


def test_closing_after_reopening_waits_again() -> None:
    tale = [*closed_finding(), reopening("rectify")]
    assert refused(closing, tale, Outcome.RESTORED) == "matters.outcome_early"
    closing([*tale, done("rectify", 7)], Outcome.RESTORED)


def test_closing_needs_evidence() -> None:
    tale = closed_finding()[:-1]
    for evidence in ("", "  ", "\n"):
        assert refused(closing, tale, Outcome.RESTORED, evidence=evidence) == (
            "matters.evidence_missing"
        )


def test_a_workflow_knows_its_outcomes() -> None:
    tale = [opened("register")]
    assert refused(closing, tale, Outcome.RESTORED, flow=LEAD) == "matters.outcome_unknown"
    notice = [opened("sign", "reply")]
    for outcome in Outcome:
        assert refused(closing, notice, outcome, flow=NOTICE) == ("matters.outcome_unknown")


def test_nothing_closes_twice() -> None:
    assert refused(closing, closed_finding(), Outcome.RESTORED) == "matters.closed"


def test_a_second_person_closes() -> None:
    tale = closed_finding()[:-1]
    assert refused(closing, tale, Outcome.RESTORED, ["a"]) == "matters.same_person"
    # Whoever keyed it in, or in whose name, is the same person.
    proxied = [*tale[:-1], done("rectify", 4, login="b", real="root")]
    for logins in (["b", "b"], ["c", "root"], ["root", "root"], ["b", "x"]):
        assert refused(closing, proxied, Outcome.RESTORED, logins) == ("matters.same_person")
    closing(proxied, Outcome.RESTORED, ["c", "c"])


def test_a_step_beside_does_not_make_the_doer_a_second_person() -> None:
    tale = [*closed_finding()[:-1], done("stop", 5, login="b")]
    for login in ("a", "b"):
        assert refused(closing, tale, Outcome.RESTORED, [login]) == ("matters.same_person")
    closing(tale, Outcome.RESTORED, ["c"])


def test_who_reopened_does_not_close() -> None:
    tale = [*closed_finding(), reopening("stop")]
    assert refused(closing, tale, Outcome.RESTORED, ["c"]) == "matters.same_person"


def test_who_replied_does_not_review() -> None:
    tale = [
        opened("sign", "reply", login="sup"),
        done("reply", 1, "review", login="a", real="root"),
        done("sign", 2, login="b"),
    ]
    state, review = told(NOTICE, *tale), NOTICE.step("review")
    for login in ("a", "root"):
        assert refused(check_reviewer, state, review, [login]) == ("matters.same_person")
    for login in ("b", "sup"):
        check_reviewer(state, review, [login])


def test_of_several_replies_the_last_counts() -> None:
    tale = [*notice_until_return(), done("reply", 4, "review", login="b")]
    state, review = told(NOTICE, *tale), NOTICE.step("review")
    check_reviewer(state, review, ["a"])
    assert refused(check_reviewer, state, review, ["b"]) == "matters.same_person"


def test_other_steps_have_no_reviewer() -> None:
    check_reviewer(told(FINDING, opened("stop")), FINDING.step("verify"), ["a"])


def test_reopening() -> None:
    state = told(FINDING, *closed_finding())
    check_reopening(state, "F-2026-0001", FINDING.step("rectify"))
    open_ = told(FINDING, opened("stop"))
    assert refused(check_reopening, open_, "F-2026-0001", FINDING.step("stop")) == (
        "matters.not_closed"
    )
    short = told(FINDING, opened("stop"), entry(Act.CLOSE, 1, outcome=Outcome.TRANSFERRED))
    check_reopening(short, "F-2026-0001", FINDING.step("verify"))
    assert refused(check_reopening, short, "F-2026-0001", FINDING.step("decide")) == (
        "matters.step_never"
    )


def test_a_step_asks_for_words_and_reasons() -> None:
    reply, explain = NOTICE.step("reply"), workflows()["reconcile"].step("explain")
    check_words(reply, "已办", "")
    check_words(FINDING.step("stop"), "", "")
    check_words(explain, "围挡", "not_visible")
    assert refused(check_words, reply, " ", "") == "matters.evidence_missing"
    assert refused(check_words, explain, "", "not_visible") == "matters.evidence_missing"
    for reason in ("", "tired"):
        assert refused(check_words, explain, "围挡", reason) == ("matters.reconcile_reason")


def test_whose_turn_a_step_is() -> None:
    matter = Matter("N-2026-0001", "notice", "D1", "DISC", 0, "督办")
    assert responsible(NOTICE.step("reply"), matter) == "D1"
    assert responsible(NOTICE.step("review"), matter) == "DISC"


def test_a_branch_that_runs_goes_on_over_a_return() -> None:
    flow = workflows_from_table(
        {
            "w": {
                "zh": "试",
                "en": "try",
                "prefix": "W",
                "opens": "o",
                "steps": [
                    {"key": "a", "done": "da", "after": "o", "zh": "a", "en": "a"},
                    {"key": "b", "done": "db", "after": "da", "zh": "b", "en": "b"},
                    {
                        "key": "c",
                        "done": "dc",
                        "after": "da",
                        "zh": "c",
                        "en": "c",
                        "returns": "a",
                        "ends": True,
                    },
                ],
            }
        }
    )["w"]
    back = entry(Act.RETURN, 2, step="c", starts=(started("a", None, 2),))
    tale = [opened("a"), done("a", 1, "b", "c"), back]
    state = told(flow, *tale)
    assert keys(state) == ["a", "b"]
    assert state.reached.keys() == {"o"}
    again = starts(flow, [], "da", 3, ZONE, CALENDAR, running=keys(state))
    assert [row.step for row in again] == ["c"]
