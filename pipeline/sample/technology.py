"""Services, interruptions and changes of the IT department.

The release of the ERP on 13 July 2026 fails; from that day on one change in three fails, before it was one in twelve.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache

import numpy as np
import polars as pl

from pipeline.sample.company import AS_OF, COMPANY, FIRST_DAY, random_stream
from pipeline.sample.working_time import banking_days

FAILED_RELEASE = date(2026, 7, 13)
FAILURE_BEFORE, FAILURE_AFTER = 0.085, 0.34
# code: unit, name, agreed days, from, to, interruptions a month
SERVICES = {
    "ERP": ("MTZ", "ERP", "Dias úteis", "07:00", "20:00", 0.8),
    "MAIL": ("MTZ", "E-mail e colaboração", "Todos os dias", "00:00", "24:00", 0.4),
    "PORTAL": ("MTZ", "Portal do cliente", "24x7", "00:00", "24:00", 1.0),
    "WMS-MTZ": ("MTZ", "Armazém da matriz", "Dias úteis", "06:00", "22:00", 0.7),
    "WMS-SUL": ("SUL", "Armazém do Sul", "Dias úteis", "06:00", "22:00", 0.7),
    "WMS-NE": ("NE", "Armazém do Nordeste", "Dias úteis", "06:00", "22:00", 0.9),
    "WMS-CO": ("CO", "Armazém do Centro-Oeste", "Dias úteis", "06:00", "22:00", 0.7),
    "BI": ("MTZ", "Painéis de gestão", "Segunda a sexta", "08:00", "18:00", 0.5),
}
BI_START = date(2025, 3, 3)  # the service is younger than the others
_TITLES = ("Atualização de versão", "Ajuste de parâmetro", "Correção de relatório", "Novo campo", "Troca de certificado",
           "Migração de servidor", "Integração com transportadora")  # fmt: skip


def services_known(day: date) -> pl.DataFrame:
    """The full export of the services that ran on that day."""
    rows = [
        {
            "company": COMPANY,
            "business_unit": unit,
            "service_id": code,
            "name": name,
            "agreed_days": days,
            "agreed_from": first,
            "agreed_to": last,
            "start_date": BI_START if code == "BI" else date(2023, 1, 2),
            "end_date": None,
        }
        for code, (unit, name, days, first, last, _) in SERVICES.items()
        if code != "BI" or day >= BI_START
    ]
    return pl.DataFrame(rows, schema_overrides={"end_date": pl.Date})


@cache
def changes_truth() -> pl.DataFrame:
    """About six changes a week, at the end of the day; one in fifteen was planned and never deployed."""
    stream = random_stream("changes")
    rows: list[dict[str, object]] = []
    codes = tuple(SERVICES)
    for day in banking_days(FIRST_DAY, AS_OF - timedelta(days=1)).astype(object):
        for _ in range(int(stream.poisson(1.2))):
            code = str(stream.choice(codes))
            minutes = int(stream.integers(16 * 60, 21 * 60))
            chance = FAILURE_AFTER if day >= FAILED_RELEASE else FAILURE_BEFORE
            has_failed = bool(stream.random() < chance)
            is_dropped = stream.random() < 0.065
            if code == "BI" and day < BI_START:
                continue
            rows.append(_change(stream, code, None if is_dropped else _at(day, minutes), has_failed and not is_dropped))
            rows[-1]["planned_day"] = day
    release = _change(stream, "ERP", _at(FAILED_RELEASE, 19 * 60 + 30), has_failed=True)
    rows.append(release | {"title": "ERP: versão 12", "kind": "Normal", "planned_day": FAILED_RELEASE})
    numbered = pl.DataFrame(rows, infer_schema_length=None).sort("planned_day", "deployed_at", "service_id", "title")
    return numbered.with_columns(pl.format("M{}", pl.int_range(pl.len()) + 4001).alias("change_id"))


def _change(stream: np.random.Generator, code: str, deployed: datetime | None, has_failed: bool) -> dict[str, object]:
    return {
        "company": COMPANY,
        "business_unit": SERVICES[code][0],
        "change_id": "",
        "service_id": code,
        "kind": str(stream.choice(("Padrão", "Normal", "Emergencial"), p=(0.55, 0.35, 0.10))),
        "title": str(stream.choice(_TITLES)),
        "deployed_at": deployed,
        "failed": has_failed,
    }


def _at(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time()) + timedelta(minutes=minutes)


@cache
def incidents_truth() -> pl.DataFrame:
    """Interruptions by chance, after failed changes, and the maintenance of a Sunday night in each month."""
    stream = random_stream("incidents")
    rows: list[dict[str, object]] = []
    days = (AS_OF - FIRST_DAY).days
    for code, (*_, monthly) in SERVICES.items():
        for offset in np.sort(stream.integers(0, days, int(stream.poisson(monthly * days / 30.4)))).tolist():
            start = _at(FIRST_DAY + timedelta(days=offset), int(stream.integers(6 * 60, 21 * 60)))
            minutes = max(4, int(stream.lognormal(3.9, 0.9)))
            rows.append(_incident(stream, code, start, start + timedelta(minutes=minutes)))
    failed = changes_truth().filter(pl.col("failed"))
    for change in failed.iter_rows(named=True):
        start = change["deployed_at"] + timedelta(minutes=int(stream.integers(5, 40)))
        factor = 2.0 if start.date() >= FAILED_RELEASE else 1.0
        minutes = int(factor * stream.lognormal(4.3, 0.7)) + 10
        if change["title"] == "ERP: versão 12":
            minutes = 2 * 24 * 60 + 95  # two days until the old version was back
        rows.append(_incident(stream, change["service_id"], start, start + timedelta(minutes=minutes)))
        rows[-1]["change_id"] = change["change_id"]
    for number in range(30):
        sunday = date(2024, 6, 9) + timedelta(days=28 * number)
        for code in ("ERP", "MAIL", "PORTAL"):
            start = _at(sunday, 2 * 60)
            # twice the notice went out when the service was down already: that is no planned maintenance
            announced = start + timedelta(minutes=20) if number in (11, 23) else start - timedelta(days=5)
            rows.append(_incident(stream, code, start, start + timedelta(minutes=int(stream.integers(60, 230)))))
            rows[-1] |= {"planned": True, "announced_at": announced, "severity": "Baixa"}
    # the portal is down twice over at once, and the warehouse of the Northeast still is
    double = _at(date(2026, 9, 16), 10 * 60)
    rows.append(_incident(stream, "PORTAL", double, double + timedelta(minutes=180)))
    rows.append(_incident(stream, "PORTAL", double + timedelta(minutes=60), double + timedelta(minutes=120)))
    rows.append(_incident(stream, "WMS-NE", _at(AS_OF, 14 * 60 + 30), None))
    is_begun = pl.col("down_from").dt.date() <= AS_OF
    is_young = (pl.col("service_id") == "BI") & (pl.col("down_from").dt.date() < BI_START)
    numbered = pl.DataFrame(rows, infer_schema_length=None).filter(is_begun & ~is_young).sort("down_from", "service_id")
    return numbered.with_columns(pl.format("I{}", pl.int_range(pl.len()) + 7001).alias("incident_id"))


def _incident(stream: np.random.Generator, code: str, start: datetime, end: datetime | None) -> dict[str, object]:
    return {
        "company": COMPANY,
        "business_unit": SERVICES[code][0],
        "incident_id": "",
        "service_id": code,
        "down_from": start,
        "down_to": end,
        "planned": False,
        "announced_at": None,
        "severity": str(stream.choice(("Crítica", "Alta", "Média", "Baixa"), p=(0.1, 0.3, 0.4, 0.2))),
        "change_id": None,
    }


def changes_known(day: date) -> pl.DataFrame:
    """The changes planned up to that day; a failure is known on the day of the change."""
    return changes_truth().filter(pl.col("planned_day") <= day).drop("planned_day")


def incidents_known(day: date) -> pl.DataFrame:
    """The interruptions begun up to that day, and their end if it had come."""
    return (
        incidents_truth()
        .filter(pl.col("down_from").dt.date() <= day)
        .with_columns(pl.when(pl.col("down_to").dt.date() <= day).then("down_to").alias("down_to"))
    )
