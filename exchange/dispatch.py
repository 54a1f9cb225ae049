"""From what is due to what is queued: the ladder's own texts, to each in his language (R14)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import catalogue
from actions import outbox
from actions.addressing import Recipient
from actions.outbox import Draft, step_of
from actions.people import require_on
from actions.sheets import DaySheet
from actions.urging import Urged, urge
from domain.delivery import SHEET, Delivery, personal
from domain.instants import Instant
from domain.ladder import goes_at_any_hour
from domain.people import Actor
from domain.permissions import Action
from domain.values import dataclass
from exchange.sheet_book import sheet_text
from exchange.urging_text import UrgingText, recipient_words, urging_texts
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Dispatched:
    """What fired with its texts in the language in use, what was queued, and who has no address."""

    fired: tuple[Urged, ...]
    texts: tuple[UrgingText, ...]
    queued: tuple[int, ...]
    unaddressed: tuple[str, ...]


def urge_and_queue(store: Store, actor: Actor, at: Instant, delivery: Delivery) -> Dispatched:
    """Fire what is due and queue its texts, both in one transaction: nothing fired is lost."""
    with store.connection.writing():
        fired = urge(store, actor, at)
        texts = urging_texts(store, fired, at)
        drafts, unaddressed = _drafts(store, delivery, fired, texts, at)
        queued = outbox.queue(store, actor, drafts, at)
    return Dispatched(tuple(fired), tuple(texts), tuple(queued), tuple(unaddressed))


def queue_sheet(
    store: Store, actor: Actor, found: DaySheet, at: Instant, delivery: Delivery
) -> list[int]:
    """Queue a day's sheet for the addresses of `sheet`, once each; return the new messages."""
    day = found.sheet.date.isoformat()
    number = "" if found.seal is None else found.seal.number
    with speaking(delivery.language(SHEET, "", "", catalogue.language())):
        title, _, body = sheet_text(store, found).partition("\n")
        drafts = [
            Draft(
                (step_of(f"sheet/{day}", number),),
                "sheet",
                SHEET,
                place,
                "",
                catalogue.language(),
                title,
                body,
            )
            for place in delivery.places(SHEET)
        ]
    with store.connection.writing():
        require_on(store, actor, Action.SEAL, at)
        return outbox.queue(store, actor, drafts, at)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Write in a language inside this block."""
    before = catalogue.language()
    catalogue.use(language)
    try:
        yield
    finally:
        catalogue.use(before)


def _drafts(
    store: Store,
    delivery: Delivery,
    fired: Sequence[Urged],
    texts: Sequence[UrgingText],
    at: Instant,
) -> tuple[list[Draft], list[str]]:
    """Return a draft for each text and address, and in words to whom there is none."""
    own = catalogue.language()
    written = {own: texts}
    drafts: list[Draft] = []
    unaddressed: list[str] = []
    for number, text in enumerate(texts):
        steps = tuple(step_of(owed.id, text.rung.name) for owed in text.obligations)
        any_hour = any(
            goes_at_any_hour(text.rung, owed.due_at, store.zone, store.calendar)
            for owed in text.obligations
        )
        addressed: set[tuple[str, str]] = set()
        for to in text.recipients:
            unit, login = to.unit.code if to.unit else "", to.person.login if to.person else ""
            places = list(_usable(delivery, to, delivery.places(to.role, unit, login)))
            if not places:
                unaddressed.append(recipient_words([to]))
            language = delivery.language(to.role, unit, login, own)
            if language not in written:
                with speaking(language):
                    written[language] = urging_texts(store, fired, at)
            title, _, body = written[language][number].text.partition("\n")
            for place, person in places:
                if (place, person) not in addressed:
                    addressed.add((place, person))
                    drafts.append(
                        Draft(
                            steps,
                            f"urge/{text.rung.name}",
                            recipient_words([to]),
                            place,
                            person,
                            language,
                            title,
                            body,
                            any_hour,
                        )
                    )
    return drafts, list(dict.fromkeys(unaddressed))


def _usable(delivery: Delivery, to: Recipient, places: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each address with the login whose own mailbox or number it takes, blank for none."""
    for place in places:
        address = delivery.address(place) or ""
        if not personal(address):
            yield place, ""
        elif to.person is not None and _has(to, address):
            yield place, to.person.login


def _has(to: Recipient, address: str) -> bool:
    assert to.person is not None
    wanted = {"{email}": to.person.email, "{phone}": to.person.phone}
    return all(value.strip() for mark, value in wanted.items() if mark in address)
