"""The figures of the half-yearly check, by name."""

from __future__ import annotations

from enum import StrEnum


class FigureKey(StrEnum):
    """The figures of a sheet, in its order."""

    REPORTING = "reporting"
    ON_TIME = "on_time"
    ZERO = "zero"
    CONTRADICTED = "contradicted"
    EXPLAINED = "explained"
    STEPS = "steps"
    NOTICES = "notices"
    ASSISTS = "assists"


OF_DUTY = tuple(FigureKey)
OF_REPORTS = (FigureKey.REPORTING, FigureKey.ON_TIME, FigureKey.ZERO)
OF_STEPS = (FigureKey.STEPS, FigureKey.NOTICES, FigureKey.ASSISTS)
