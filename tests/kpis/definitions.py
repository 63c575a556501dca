"""KPIs for the tests, without a catalogue."""

from __future__ import annotations

from typing import Any

from kpis.definition import Kpi

WORDS = {"en": "words", "pt_BR": "palavras"}


def kpi(kind: str, **changes: Any) -> Kpi:
    fields: dict[str, Any] = {
        "name": "tested",
        "area": "payables",
        "label": WORDS,
        "definition": WORDS,
        "formula": WORDS,
        "eligibility": WORDS,
        "authority": "nobody",
        "event_date": WORDS,
        "kind": kind,
        "unit": "count",
        "decimals": 1,
        "better": "higher",
        "minimum_n": 0,
        "dimensions": ("business_unit",),
        "owner": WORDS,
    }
    if kind == "duration":
        fields["clock"] = "calendar_days"
    return Kpi(**(fields | changes))
