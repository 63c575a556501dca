"""What the sample company is: its name, units, dates, and one random stream per system.

Every system draws from its own stream, so that a change in one leaves the files of the others as they were.
"""

from __future__ import annotations

from datetime import date
from zlib import crc32

import numpy as np

COMPANY = "01"
LABEL = "Distribuidora Aurora Ltda"
UNITS = ("MTZ", "SUL", "NE", "CO")

FIRST_DAY = date(2024, 6, 3)  # a Monday
AS_OF = date(2026, 11, 20)  # a Friday, and a bank holiday

# The days on which exports were taken: each becomes a folder, loaded in this order as known on that day.
KNOWLEDGE_DATES = (
    date(2025, 6, 30),
    date(2025, 12, 31),
    date(2026, 6, 30),
    date(2026, 9, 30),
    date(2026, 10, 31),
    date(2026, 11, 16),
    date(2026, 11, 20),
)

# The supplier register was exported every quarter before that: what a register was can be known in no other way.
REGISTER_DATES = (date(2024, 6, 28), date(2024, 9, 30), date(2024, 12, 31), date(2025, 3, 31))

# The dates of the planted stories (data/sample/STORIES.md tells them).
SLOWDOWN_START = date(2026, 9, 7)  # Monday of 2026-W37
NPS_DROP_START = date(2026, 9, 28)  # Monday of 2026-W40
ERP_CHANGE = date(2026, 8, 3)  # Monday of 2026-W32
ERP_CHANGE_END = date(2026, 9, 6)  # Sunday of 2026-W36
OFFICE_MOVE_START = date(2026, 10, 5)  # Monday of 2026-W41: facilities tickets multiply from here
OFFICE_MOVE_END = date(2026, 11, 20)

SEED = 20261125
# The streams of the first systems are numbered; later ones are told apart by their name.
_STREAMS = ("suppliers", "payables", "journal", "surveys", "strategy", "investments", "helpdesk", "bank", "dirt")


def random_stream(system: str) -> np.random.Generator:
    """The random stream of one system, by its name: another name never changes what this one draws."""
    number = _STREAMS.index(system) if system in _STREAMS else len(_STREAMS) + crc32(system.encode())
    return np.random.default_rng([SEED, number])
