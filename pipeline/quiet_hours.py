"""Hours in which an audience is not to be disturbed, in the time of the company."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time

from pipeline.moments import local_moment


@dataclass(frozen=True)
class QuietHours:
    """From one time of day to another, over midnight where the first is the later one."""

    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> QuietHours:
        """Hours written `20:00-07:00`. Raises ValueError."""
        found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]\d|2[0-3]):([0-5]\d)", text.strip())
        if found is None:
            raise ValueError(text)
        start, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
        if start == end:
            raise ValueError(text)
        return cls(start, end)

    def hold(self, moment: datetime) -> bool:
        """Whether an instant (naive UTC) lies in them."""
        local = local_moment(moment).time()
        if self.start < self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end
