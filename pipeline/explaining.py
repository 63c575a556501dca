"""`retaguarda explain`: what a KPI means, what it is made from, and what it said last, from the published file."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb

from dashboard import formats, vocabulary
from dashboard.language import _, activate, active
from pipeline.changes import changes
from pipeline.failures import ExitCode, Failure
from pipeline.published_files import open_published
from pipeline.querying import nearest
from pipeline.settings import DataFolder

SUFFIXES = {"pt_BR": "pt_br", "en": "en"}
WORDS = ("label", "definition", "formula", "eligibility", "event_date", "owner")
PERIODS = 6
TITLES = {
    "pt_BR": {
        "definition": "Definição", "formula": "Fórmula", "eligibility": "Quem conta", "event_date": "Data do evento",
        "authority": "Autoridade", "owner": "Responsável", "kind": "Tipo", "target": "Meta", "minimum_n": "n mínimo",
        "restricted": "Restrito", "dimensions": "Dimensões", "traps": "Armadilhas", "lineage": "Linhagem", "values": "Últimos valores",
        "warnings": "Avisos dos dados", "versions": "Versões da definição",
        "reversal": "Simpson: todos os membros foram contra o total",
        "changes": "Por que mudou (último período completo contra o anterior)", "sql": "SQL dos componentes",
    },
    "en": {
        "definition": "Definition", "formula": "Formula", "eligibility": "Who counts", "event_date": "Event date",
        "authority": "Authority", "owner": "Owner", "kind": "Kind", "target": "Target", "minimum_n": "Minimum n",
        "restricted": "Restricted", "dimensions": "Dimensions", "traps": "Traps", "lineage": "Lineage", "values": "Latest values",
        "warnings": "Warnings of the data", "versions": "Versions of the definition",
        "reversal": "Simpson: every member moved against the total",
        "changes": "Why it changed (last complete period against the one before)", "sql": "SQL of the components",
    },
}  # fmt: skip


def explain(folder: DataFolder, name: str, *, language: str = "pt_BR", grain: str = "month") -> dict[str, Any]:
    """Everything that is published about one KPI, in one language. Raises Failure with USAGE for an unknown name.

    Keys: the words, `authority`, `kind` and its options, `unit`, `target`, `dimensions`, `traps`, `lineage` (sources,
    seeds, models), `sql`, `versions`, `warnings` (tests that warned and stale sources), `changes` (why, by dimension), `values` (total, last first).
    """
    connection = open_published(folder)
    try:
        known = [kpi for (kpi,) in connection.execute("select name from kpi.catalogue order by position").fetchall()]
        if name not in known:
            raise Failure(
                f'There is no KPI "{name}".{nearest(name, known)}', "List them with `retaguarda kpi --list`.",
                ExitCode.USAGE,
            )  # fmt: skip
        (row,) = _rows(connection, "select * from kpi.catalogue where name = $kpi", {"kpi": name})
        suffix = SUFFIXES[language]
        return {
            "kpi": name,
            "area": row["area"],
            **{word: row[f"{word}_{suffix}"] for word in WORDS},
            **{key: row[key] for key in ("authority", "kind", "clock", "measure", "window", "points", "unit")},
            **{key: row[key] for key in ("decimals", "better", "minimum_n", "dimensions")},
            # A file that was published before there was such a mark has none.
            "restricted": row.get(f"restricted_{suffix}"),
            "target": row["target_value"],
            "target_tolerance": row["target_tolerance"],
            "traps": row[f"traps_{suffix}"],
            "lineage": {key: row[key] for key in ("sources", "seeds", "models")} | {"metric": f"metrics.kpi_{name}"},
            "sql": row["sql"],
            "versions": _rows(
                connection,
                "select definition_hash, valid_from from kpi.definitions where kpi = $kpi order by valid_from desc",
                {"kpi": name},
            ),
            "warnings": _warnings(connection, name, row["sources"]),
            "changes": changes(connection, row, grain),
            "grain": grain,
            "values": _rows(
                connection,
                """
                select period_start, value, low, high, n, state, target, change, definition_hash
                from kpi.kpi_values
                where kpi = $kpi and grain = $grain and dimension = 'total'
                order by period_start desc limit $periods
                """,
                {"kpi": name, "grain": grain, "periods": PERIODS},
            ),
        }
    finally:
        connection.close()


def _rows(connection: duckdb.DuckDBPyConnection, statement: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    return connection.sql(statement, params=values).pl().to_dicts()


def _warnings(connection: duckdb.DuckDBPyConnection, name: str, sources: list[str]) -> list[dict[str, Any]]:
    """Tests that did not pass on what the KPI is made from, and its sources that are stale."""
    tests = _rows(
        connection,
        "select test, model, message from meta.test_results where status = 'warn' and list_contains(kpis, $kpi)",
        {"kpi": name},
    )
    stale = _rows(
        connection,
        """
        select source || '.' || table_name as source, days_since, state
        from meta.source_freshness
        where state <> 'fresh' and list_contains($sources, source || '.' || table_name)
        """,
        {"sources": sources},
    )
    return [*tests, *stale]


def explanation_text(found: dict[str, Any], language: str) -> str:
    """The explanation for a terminal, in the reader's language."""
    activate(language)
    titles = TITLES[language]
    options = [str(found[key]) for key in ("clock", "measure", "window", "points") if found[key]]
    lines = [f"{found['label']} ({found['kpi']}) · {vocabulary.area(found['area'])}", ""]
    facts = {
        **{key: found[key] for key in ("definition", "formula", "eligibility", "event_date", "authority", "owner")},
        "kind": ", ".join([vocabulary.kind(found["kind"]), *options]),
        "target": _target(found),
        "minimum_n": str(found["minimum_n"]),
        "restricted": found["restricted"],
        "dimensions": ", ".join(vocabulary.dimension(name) for name in found["dimensions"]),
    }
    lines += [f"{titles[key]}: {text}" for key, text in facts.items() if text]
    lines += ["", f"{titles['traps']}:", *(f"  - {trap}" for trap in found["traps"])] if found["traps"] else []
    lineage = found["lineage"]
    steps = [", ".join([*lineage["sources"], *lineage["seeds"]]), *lineage["models"], lineage["metric"]]
    lines += ["", f"{titles['lineage']}: " + " → ".join(step for step in steps if step)]
    if found["warnings"]:
        lines += ["", f"{titles['warnings']}:"]
        lines += [f"  ! {_warning(warning)}" for warning in found["warnings"]]
    lines += ["", f"{titles['values']}:", *(f"  {_value(found, value)}" for value in found["values"])]
    if found["changes"]:
        lines += ["", f"{titles['changes']}:", *(f"  {_change(found, change)}" for change in found["changes"])]
    lines += ["", f"{titles['versions']}:"]
    lines += [
        f"  {version['definition_hash'][:12]} · {formats.moment(version['valid_from'])}"
        for version in found["versions"]
    ]
    lines += ["", f"{titles['sql']}:", *(f"  {line}" for line in found["sql"].strip().splitlines())]
    return "\n".join(lines)


def _target(found: dict[str, Any]) -> str:
    if found["target"] is None:
        return ""
    bound = {"higher": "≥ ", "lower": "≤ "}.get(found["better"], "")
    return bound + formats.quantity(found["target"], found["unit"], found["decimals"])


def _warning(warning: dict[str, Any]) -> str:
    if "test" in warning:
        return f"{warning['test']}: {warning['message']}"
    return f"{warning['source']}: {vocabulary.state(warning['state'])}"


def _change(found: dict[str, Any], change: dict[str, Any]) -> str:
    """`Unidade: +2,0 dias = próprios +1,8, mix +0,2 · SUL +1,7, MTZ +0,3`."""

    def shown(value: float) -> str:
        return formats.difference(value, found["unit"], found["decimals"] + (0 if found["unit"] == "brl" else 1))

    words = {"rate": _("own change"), "mix": _("mix"), "volume": _("volume"), "price": _("price")}
    effects = ", ".join(f"{words[effect]} {shown(change[effect])}" for effect in words if effect in change)
    members = ", ".join(f"{vocabulary.member(part['member'])} {shown(part['total'])}" for part in change["parts"])
    alarm = f" · {TITLES[active()]['reversal']}" if change["is_reversal"] else ""
    label = vocabulary.dimension(change["dimension"])
    return f"{label}: {shown(change['total'])}" + (f" = {effects}" if effects else "") + f" · {members}{alarm}"


def _value(found: dict[str, Any], value: dict[str, Any]) -> str:
    unit, decimals = found["unit"], found["decimals"]
    start: date = value["period_start"]
    bounds = formats.interval(value["low"], value["high"], unit, decimals)
    parts = [
        f"{formats.period(start, found['grain']):>12}",
        formats.quantity(value["value"], unit, decimals),
        f"({bounds})" if bounds else "",
        f"n = {formats.number(value['n'])}" if value["n"] is not None else "",
        vocabulary.state(value["state"]) if value["state"] != "ok" else "",
    ]
    return "  ".join(part for part in parts if part)
