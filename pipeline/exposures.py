"""Who reads the KPIs, for dbt's documentation: `models/_exposures.yml`, written with the KPI reference.

A page per area, the overview and the weekly pack with the headline KPIs, and the KPI page with all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from dashboard.vocabulary import AREAS

if TYPE_CHECKING:
    from kpis.catalogue import Kpi

FILE = "models/_exposures.yml"
HEAD = """\
# Who reads the KPIs. Written by `python -m pipeline.kpi_reference` from the catalogue: do not edit it by hand.
version: 2

exposures:
"""
OWNER = "Retaguarda"


def exposures(catalogue: Mapping[str, Kpi]) -> str:
    """The YAML file; an exposure for each page that shows KPIs, and for the weekly pack."""
    everything = list(catalogue.values())
    headlines = [kpi for kpi in everything if kpi.headline]
    texts = [
        _exposure("page_overview", "Overview", "dashboard", "The headline KPIs, and what changed.", headlines),
        _exposure("page_kpi", "KPI", "dashboard", "One KPI: behaviour, breakdowns, causes, records.", everything),
        _exposure("weekly_pack", "Weekly pack", "analysis", "The headline KPIs as they stand once a week.", headlines),
    ]
    for area, title in AREAS.items():
        kpis = [kpi for kpi in everything if kpi.area == area]
        if kpis:
            texts.append(_exposure(f"page_{area}", title, "dashboard", f"The KPIs of the area: {title}.", kpis))
    return HEAD + "\n".join(texts)


def _exposure(name: str, label: str, kind: str, description: str, kpis: Sequence[Kpi]) -> str:
    lines = [
        f"  - name: {name}",
        f'    label: "{label}"',
        f"    type: {kind}",
        "    maturity: high",
        f'    description: "{description}"',
        f"    owner: {{name: {OWNER}}}",
        "    depends_on:",
        *(f"      - ref('{kpi.model}')" for kpi in kpis),
    ]
    return "\n".join(lines) + "\n"
