"""The exports of people, IT, legal and facilities on each day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import polars as pl

from pipeline.sample import employee_records, employee_survey, employees, facilities, legal, technology
from pipeline.sample.exporter import Exporter, SampleFile, changes
from pipeline.sample.exports import Style

CP1252, UTF8, UTF8_MARK = Style("cp1252"), Style("utf-8"), Style("utf-8-sig", thousands=False)
NO_MASTER_DATA = date(2026, 11, 16)  # a week in which nobody exported the staff
Known = Callable[[date], pl.DataFrame]

# File name, table, what was known on a day, style, and whether everything is exported each time.
EXPORTS: tuple[tuple[str, str, Known, Style, bool], ...] = (
    ("funcionarios", "employees", employees.employees_known, CP1252, True),
    ("requisicoes_pessoal", "requisitions", employees.requisitions_known, UTF8_MARK, False),
    ("ausencias", "absences", employee_records.absences_known, CP1252, False),
    ("treinamentos", "trainings", employee_records.trainings_known, UTF8, False),
    ("folha_pagamento", "payroll", employee_records.payroll_known, UTF8_MARK, False),
    ("ferias", "vacations", employee_records.vacations_known, CP1252, False),
    ("pesquisa_colaboradores", "employee_survey", employee_survey.employee_survey_known, UTF8, False),
    ("servicos_ti", "services", technology.services_known, UTF8, True),
    ("incidentes", "incidents", technology.incidents_known, UTF8, False),
    ("mudancas", "changes", technology.changes_known, UTF8, False),
    ("contratos", "contracts", legal.contracts_known, CP1252, False),
    ("processos_judiciais", "lawsuits", legal.lawsuits_known, CP1252, False),
    ("acoes_conformidade", "compliance_actions", legal.compliance_known, UTF8_MARK, False),
    ("ordens_manutencao", "maintenance_orders", facilities.maintenance_known, CP1252, False),
    ("inspecoes", "inspections", facilities.inspections_known, UTF8, False),
)


def files(exporter: Exporter, day: date) -> Iterator[SampleFile]:
    """Every file of these systems that was taken on that day; none where nothing is new."""
    for name, table, known, style, is_full in EXPORTS:
        if table == "employees" and day == NO_MASTER_DATA:
            continue
        rows = known(day) if is_full else changes(known, day)
        if rows.height:
            yield exporter.csv(day, f"{name}_{day:%Y_%m_%d}.csv", table, rows, style)
