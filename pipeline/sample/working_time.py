"""Banking days and business minutes, vectorised over numpy arrays.

Days are numpy ``datetime64[D]``. A business minute is a point on a line on which only Monday to Friday, 09:00 to 17:00
local time, outside bank holidays, exists: 480 minutes a banking day.
"""

from __future__ import annotations

from datetime import date

import holidays
import numpy as np

from pipeline.sample.company import AS_OF, FIRST_DAY

MINUTES_A_DAY = 480
OPENING_MINUTE = 9 * 60


def bank_holidays(first_year: int = 2024, last_year: int = 2032) -> np.ndarray:
    """Days on which Brazilian banks are closed, as ``datetime64[D]``, weekends not included."""
    days = holidays.financial_holidays("BVMF", years=range(first_year, last_year + 1))
    return np.array(sorted(days), dtype="datetime64[D]")


def next_banking_day(days: np.ndarray) -> np.ndarray:
    """The day itself if banks are open, else the next day on which they are."""
    return np.busday_offset(days, 0, roll="forward", holidays=bank_holidays())


def previous_banking_day(days: np.ndarray) -> np.ndarray:
    """The day itself if banks are open, else the last day before on which they were."""
    return np.busday_offset(days, 0, roll="backward", holidays=bank_holidays())


def banking_days(first: date, last: date) -> np.ndarray:
    """Every banking day from first to last, both included."""
    days = np.arange(np.datetime64(first, "D"), np.datetime64(last, "D") + 1)
    return days[np.is_busday(days, holidays=bank_holidays())]


def even_arrivals(stream: np.random.Generator, weekly_rate: float, *, first: date = FIRST_DAY) -> np.ndarray:
    """Banking days of arrivals: Poisson by ISO week, spread over the week's banking days, until the as-of date.

    A week with a holiday gets a full week's arrivals, so that weekly volumes stay comparable; the last, unfinished
    week gets its share. Returns a sorted ``datetime64[D]`` array.
    """
    days = banking_days(first, AS_OF)
    mondays = np.busday_offset(days, 0, roll="backward", weekmask="Mon")
    weeks, starts, lengths = np.unique(mondays, return_index=True, return_counts=True)
    unfinished = weeks + 6 > np.datetime64(AS_OF, "D")
    counts = stream.poisson(weekly_rate * np.where(unfinished, lengths / 5, 1.0))
    week_of_arrival = np.repeat(np.arange(len(weeks)), counts)
    offsets = np.floor(stream.random(len(week_of_arrival)) * lengths[week_of_arrival]).astype(int)
    return np.sort(days[starts[week_of_arrival] + offsets])


class BusinessClock:
    """Converts between instants (``datetime64[s]``, local) and business minutes since the company's first day."""

    def __init__(self) -> None:
        """Lay out the banking days from the first day to a year after the as-of date."""
        self.days = banking_days(FIRST_DAY, date(AS_OF.year + 1, 12, 31))

    def minutes(self, instants: np.ndarray) -> np.ndarray:
        """Business minutes elapsed until each instant (float: seconds count as fractions)."""
        days = instants.astype("datetime64[D]")
        position = np.searchsorted(self.days, days)
        is_open = self.days[np.minimum(position, len(self.days) - 1)] == days
        minute = (instants - days).astype("timedelta64[s]").astype(float) / 60 - OPENING_MINUTE
        within = np.where(is_open, np.clip(minute, 0, MINUTES_A_DAY), 0.0)
        return position * MINUTES_A_DAY + within

    def instants(self, minutes: np.ndarray) -> np.ndarray:
        """The local instants at which that many business minutes had elapsed, to the second."""
        day_number = np.floor(minutes / MINUTES_A_DAY).astype(int)
        seconds = np.round((minutes - day_number * MINUTES_A_DAY + OPENING_MINUTE) * 60).astype(int)
        instants = self.days[day_number].astype("datetime64[s]") + seconds.astype("timedelta64[s]")
        return instants.astype("datetime64[ms]")
