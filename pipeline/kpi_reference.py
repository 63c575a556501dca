"""The KPI reference of the documentation, written from the catalogue: `python -m pipeline.kpi_reference`.

docs/kpis.md (English), docs/kpis.pt-BR.md, dbt's exposures, docs/kpi-versions.csv and CHANGELOG-KPIS.md; a test checks
that all are current.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from dashboard import formats, vocabulary
from dashboard.language import activate
from kpis.catalogue import load_catalogue
from kpis.definition import AREAS
from kpis.targets import read_targets
from pipeline import exposures, kpi_versions
from pipeline.moments import local_day, now
from pipeline.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from kpis.catalogue import Kpi

FILES = {"en": "docs/kpis.md", "pt_BR": "docs/kpis.pt-BR.md"}
TEXTS = {
    "en": {
        "title": "KPI reference",
        "intro": (
            "Written by `python -m pipeline.kpi_reference` from the catalogue beside the models: do not edit it by hand. "
            "[Em português](kpis.pt-BR.md). `retaguarda explain KPI` says the same of one KPI, with its lineage, SQL and latest values."
        ),
        "count": "{count} KPIs in {areas} areas.",
        "columns": "| KPI | Name | Kind | Unit | Better | Target |",
        "definition": "Definition", "formula": "Formula", "eligibility": "Who counts", "event_date": "Event date",
        "authority": "Authority", "owner": "Owner", "kind": "Kind", "dimensions": "Dimensions", "minimum_n": "minimum n",
        "target": "Target", "traps": "Traps", "model": "Components", "records": "Records",
        "restricted": "Restricted",
        "higher": "higher", "lower": "lower", "neutral": "–", "from": "from {day}", "to": "until {day}", "in": "in {unit}",
    },
    "pt_BR": {
        "title": "Referência dos indicadores",
        "intro": (
            "Escrita por `python -m pipeline.kpi_reference` a partir do catálogo ao lado dos modelos: não edite à mão. "
            "[In English](kpis.md). `retaguarda explain KPI` diz o mesmo de um indicador, com linhagem, SQL e últimos valores."
        ),
        "count": "{count} indicadores em {areas} áreas.",
        "columns": "| Indicador | Nome | Tipo | Unidade | Melhor | Meta |",
        "definition": "Definição", "formula": "Fórmula", "eligibility": "Quem conta", "event_date": "Data do evento",
        "authority": "Autoridade", "owner": "Responsável", "kind": "Tipo", "dimensions": "Dimensões",
        "minimum_n": "n mínimo", "target": "Meta", "traps": "Armadilhas", "model": "Componentes", "records": "Registros",
        "restricted": "Restrito",
        "higher": "maior", "lower": "menor", "neutral": "–", "from": "de {day}", "to": "até {day}", "in": "em {unit}",
    },
}  # fmt: skip


def reference(catalogue: Mapping[str, Kpi], targets: pl.DataFrame, language: str) -> str:
    """The page in one language, as Markdown: a table of all KPIs, then each of them area by area."""
    activate(language)
    words = TEXTS[language]
    by_area = {area: [kpi for kpi in catalogue.values() if kpi.area == area] for area in AREAS}
    by_area = {area: kpis for area, kpis in by_area.items() if kpis}
    promised = {name: _promises(catalogue[name], rows, words) for (name,), rows in targets.group_by("kpi")}
    lines = [f"# {words['title']}", "", words["intro"], ""]
    lines += [words["count"].format(count=len(catalogue), areas=len(by_area)), ""]
    for area, kpis in by_area.items():
        lines += [f"- **{vocabulary.area(area)}**: " + ", ".join(f"[{k.label[language]}](#{k.name})" for k in kpis)]
    for area, kpis in by_area.items():
        lines += ["", f"## {vocabulary.area(area)}", "", words["columns"], "|---|---|---|---|---|---|"]
        lines += [
            f"| [{kpi.label[language]}](#{kpi.name}) | `{kpi.name}` | {_kind(kpi)} | {kpi.unit} | {words[kpi.better]} "
            f"| {'; '.join(promised.get(kpi.name, []))} |"
            for kpi in kpis
        ]
        for kpi in kpis:
            lines += _entry(kpi, promised.get(kpi.name, []), language)
    return "\n".join(lines) + "\n"


def _entry(kpi: Kpi, promises: list[str], language: str) -> list[str]:
    words = TEXTS[language]
    lines = [
        "",
        f'### <a id="{kpi.name}"></a>{kpi.label[language]}',
        "",
        f"`{kpi.name}` · {kpi.definition[language]}",
        "",
    ]
    lines += [
        f"- **{words[key]}**: {getattr(kpi, key)[language]}"
        for key in ("formula", "eligibility", "event_date", "owner")
    ]
    lines.append(f"- **{words['authority']}**: {kpi.authority}")
    dimensions = ", ".join(vocabulary.dimension(name) for name in kpi.dimensions)
    lines.append(f"- **{words['kind']}**: {_kind(kpi)}, {words['minimum_n']} {kpi.minimum_n}")
    lines.append(f"- **{words['dimensions']}**: {dimensions}")
    if kpi.restricted:
        lines.append(f"- **{words['restricted']}**: {kpi.restricted[language]}")
    if promises:
        lines.append(f"- **{words['target']}**: {'; '.join(promises)}")
    lines.append(f"- **{words['model']}**: `metrics.{kpi.model}`" + _records(kpi, words))
    traps = kpi.traps.get(language, ())
    if traps:
        lines += [f"- **{words['traps']}**:", *(f"  - {trap}" for trap in traps)]
    return lines


def _records(kpi: Kpi, words: Mapping[str, str]) -> str:
    return f" · **{words['records']}**: `marts.{kpi.records.model}`" if kpi.records else ""


def _kind(kpi: Kpi) -> str:
    options = [option for option in (kpi.clock, kpi.measure, kpi.window, kpi.points) if option]
    return vocabulary.kind(kpi.kind) + (f" ({', '.join(f'`{option}`' for option in options)})" if options else "")


def _promises(kpi: Kpi, rows: pl.DataFrame, words: Mapping[str, str]) -> list[str]:
    """Each dated target in words: `≤ 30 days, from 2026-01-01, in SUL`."""
    bound = {"higher": "≥ ", "lower": "≤ "}.get(kpi.better, "")
    texts = []
    for row in rows.sort("business_unit", "valid_from").iter_rows(named=True):
        parts = [bound + formats.quantity(row["value"], kpi.unit, kpi.decimals).replace(formats.SPACE, " ")]
        if row["valid_from"]:
            parts.append(words["from"].format(day=formats.day(row["valid_from"])))
        if row["valid_to"]:
            parts.append(words["to"].format(day=formats.day(row["valid_to"])))
        if row["business_unit"]:
            parts.append(words["in"].format(unit=row["business_unit"]))
        texts.append(", ".join(parts))
    return texts


def pages(root: Path = PROJECT_ROOT) -> dict[Path, str]:
    """Both pages, dbt's exposures, and the versions of the definitions with their changelog, by their path."""
    catalogue = load_catalogue(root)
    targets = read_targets(root / "seeds" / "kpi_targets.csv", "seeds/kpi_targets.csv", catalogue)
    texts = {root / file: reference(catalogue, targets, language) for language, file in FILES.items()}
    known = root / kpi_versions.FILE
    before = known.read_text(encoding="utf-8") if known.exists() else ""
    history = kpi_versions.versions(catalogue, before, local_day(now()))
    return {
        **texts,
        root / exposures.FILE: exposures.exposures(catalogue),
        known: history,
        root / kpi_versions.CHANGELOG: kpi_versions.changelog(catalogue, history),
    }


def main() -> None:
    """Write all of them, and say which ones changed."""
    for path, text in pages().items():
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(text, encoding="utf-8")
        state = "unchanged" if before == text else "written"
        sys.stdout.write(f"{path.relative_to(PROJECT_ROOT)}: {state}\n")


if __name__ == "__main__":
    main()
