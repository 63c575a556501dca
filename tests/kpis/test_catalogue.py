"""The catalogue refuses what is wrong, naming file, line and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpis.catalogue import CatalogueError, load_catalogue
from kpis.definition import Records

ROOT = Path(__file__).parents[2]
FILE = "models/metrics/payables/_payables__kpis.yml"
VALID = """\
version: 2
models:
  - name: kpi_days_to_pay
    description: "Days"
    config:
      meta:
        kpi:
          name: days_to_pay
          area: payables
          label: {en: Days to pay, pt_BR: Prazo de pagamento}
          definition: {en: "Days.", pt_BR: "Dias."}
          formula: {en: median, pt_BR: mediana}
          eligibility: {en: all, pt_BR: todas}
          authority: UK
          event_date: {en: receipt, pt_BR: recebimento}
          kind: duration
          clock: calendar_days
          unit: days
          decimals: 1
          better: lower
          minimum_n: 5
          dimensions: [business_unit, category]
          owner: {en: Accounts payable, pt_BR: Contas a pagar}
          bounds: [0, null]
          headline: true
          records:
            model: fct_payables
            date_column: paid_date
            where: "is_paid"
            value_column: days_to_pay
            columns: [document, paid_date]
          traps:
            en: [Day 1 is the day after.]
            pt_BR: [O dia 1 é o seguinte.]
    columns:
      - name: date_day
      - name: business_unit
      - name: category
      - name: entry_age
      - name: exit_age
      - name: is_finished
      - name: cases
"""


def written(root: Path, text: str = VALID, sql: str = "select 1 as cases") -> Path:
    path = root / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.with_name("kpi_days_to_pay.sql").write_text(sql, encoding="utf-8")
    return root


def problems(root: Path) -> list[tuple[int, str]]:
    with pytest.raises(CatalogueError) as raised:
        load_catalogue(root)
    assert all(problem.path == FILE and problem.remedy for problem in raised.value.problems)
    return [(problem.line, problem.message) for problem in raised.value.problems]


def test_a_valid_entry_becomes_a_kpi(tmp_path: Path) -> None:
    kpi = load_catalogue(written(tmp_path))["days_to_pay"]
    assert (kpi.model, kpi.path, kpi.line) == ("kpi_days_to_pay", FILE, 3)
    assert kpi.label == {"en": "Days to pay", "pt_BR": "Prazo de pagamento"}
    assert kpi.dimensions == ("business_unit", "category")
    assert kpi.bounds == (0, None)
    assert kpi.records == Records("fct_payables", "paid_date", "is_paid", "days_to_pay", ("document", "paid_date"))
    assert kpi.traps["en"] == ("Day 1 is the day after.",)
    assert (kpi.headline, kpi.signals, kpi.measure, kpi.minimum_n) == (True, True, None, 5)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("authority: UK", "authority: UK\n          autority: UK", 15, "unknown key 'autority' in the KPI's entry"),
        ("          authority: UK\n", "", 8, "the KPI's entry lacks 'authority'"),
        ("label: {en: Days to pay, pt_BR: Prazo de pagamento}", "label: {en: Days to pay}", 10, "label lacks 'pt_BR'"),
        (
            'definition: {en: "Days.", pt_BR: "Dias."}',
            'definition: {en: "", pt_BR: "Dias."}',
            11,
            "definition in en '' is",
        ),
        ("{en: median, pt_BR: mediana}", "median", 12, "formula has no languages"),
        ("kind: duration", "kind: gauge", 16, "unknown kind 'gauge'"),
        ("area: payables", "area: kitchen", 9, "unknown area 'kitchen'"),
        ("area: payables", "area: support", 9, "area support in the folder payables"),
        ("unit: days", "unit: fortnights", 18, "unknown unit 'fortnights'"),
        ("unit: days", "unit: percent", 18, "unit percent does not suit calendar_days"),
        ("          clock: calendar_days\n", "", 16, "a duration without clock"),
        ("kind: duration\n          clock: calendar_days", "kind: cash_flow", 16, "a cash_flow without measure"),
        ("kind: duration", "kind: ratio", 17, "clock at a ratio"),
        ("clock: calendar_days", "clock: elapsed_minutes", 18, "unit days does not suit elapsed_minutes"),
        ("clock: calendar_days", "clock: business_days", 18, "unit days does not suit business_days"),
        ("kind: duration\n          clock: calendar_days", "kind: balance", 16, "a balance without measure"),
        (
            "kind: duration\n          clock: calendar_days",
            "kind: balance\n          measure: irr",
            17,
            "measure irr at a balance",
        ),
        ("clock: calendar_days", "window: period", 17, "window at a duration"),
        (
            "kind: duration\n          clock: calendar_days",
            "kind: balance\n          measure: countback\n          points: daily",
            18,
            "points at a countback",
        ),
        (
            "kind: duration\n          clock: calendar_days",
            "kind: balance\n          measure: cash_cycle",
            3,
            "column cost_of_goods is missing from the model's columns",
        ),
        ("decimals: 1", "decimals: one", 19, "decimals 'one' is not a whole number"),
        ("minimum_n: 5", "minimum_n: -5", 21, "minimum_n -5 is not a whole number"),
        ("better: lower", "better: false", 20, "unknown better False"),
        ("[business_unit, category]", "[category, business_unit]", 22, "the first dimension is not business_unit"),
        (
            "[business_unit, category]",
            "[business_unit]",
            38,
            "column category is neither a component of a duration nor",
        ),
        ("[business_unit, category]", "[business_unit, category, desk]", 3, "column desk is missing from the model's"),
        ("[business_unit, category]", "category", 22, "dimensions 'category' is not a list"),
        ("decimals: 1", "decimals: 1\n          target: {value: 30}", 20, "targets are dated"),
        ("bounds: [0, null]", "bounds: [9, 0]", 24, "bounds 9.0 and 0.0 are not in order"),
        ("headline: true", "headline: yes please", 25, "headline 'yes please' is not true or false"),
        ("headline: true", "restricted: true", 25, "restricted has no languages"),
        ("headline: true", "restricted: {en: Salaries}", 25, "restricted lacks 'pt_BR'"),
        ("date_column: paid_date", "datum: paid_date", 28, "unknown key 'datum' in records"),
        ("pt_BR: [O dia 1 é o seguinte.]", "fr: [Le jour 1.]", 34, "unknown key 'fr' in traps"),
        ("name: days_to_pay", "name: DaysToPay", 8, "name 'DaysToPay' is not in snake case"),
        ("name: days_to_pay", "name: pay_days", 8, "KPI pay_days stands at model kpi_days_to_pay"),
        ("name: kpi_days_to_pay", "name: kpi_days_to_wait", 3, "no model kpi_days_to_wait.sql beside this file"),
        ("meta:", "metadata:", 3, "model kpi_days_to_pay has no config.meta.kpi"),
        ("authority: UK", "authority: UK\n          authority: AU", 15, "not valid YAML"),
        ("models:", "metrics:", 1, "there is no list of models"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    assert old in VALID
    found = problems(written(tmp_path, VALID.replace(old, new, 1)))
    assert any(at == line and told.startswith(message) for at, told in found), found


def test_a_restricted_kpi_says_why_in_both_languages(tmp_path: Path) -> None:
    words = "headline: true\n          restricted: {en: Salaries, pt_BR: Salários}"
    (kpi,) = load_catalogue(written(tmp_path, VALID.replace("headline: true", words))).values()
    assert kpi.restricted == {"en": "Salaries", "pt_BR": "Salários"}


def test_what_salaries_are_added_up_from_is_restricted() -> None:
    restricted = {name for name, kpi in load_catalogue(ROOT).items() if kpi.restricted}
    assert {"payroll_cost_per_employee", "litigation_exposure"} <= restricted


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = (
        VALID.replace("better: lower", "better: worse").replace("decimals: 1", "decimals: x").replace("en: all, ", "")
    )
    assert [line for line, _ in sorted(problems(written(tmp_path, text)))] == [13, 19, 20]


def test_message_names_file_line_and_remedy(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError) as raised:
        load_catalogue(written(tmp_path, VALID.replace("better: lower", "better: worse")))
    assert str(raised.value) == f"{FILE}, line 20: unknown better 'worse'. Use one of: higher, lower, neutral."


def test_a_kpi_defined_twice_is_refused(tmp_path: Path) -> None:
    entry = VALID.split("models:\n", 1)[1]
    assert "KPI days_to_pay is defined twice, also in " + FILE + ", line 3" in [
        message for _, message in problems(written(tmp_path, VALID + entry))
    ]


def test_hash_follows_words_and_query_but_not_layout(tmp_path: Path) -> None:
    first = load_catalogue(written(tmp_path))["days_to_pay"].content_hash
    again = load_catalogue(written(tmp_path, "# a comment\n" + VALID, "select 1\n    as cases"))["days_to_pay"]
    assert again.content_hash == first
    assert load_catalogue(written(tmp_path, VALID.replace("Days.", "Day.")))["days_to_pay"].content_hash != first
    assert load_catalogue(written(tmp_path, VALID, "select 2 as cases"))["days_to_pay"].content_hash != first


def test_the_catalogue_of_this_project_is_valid() -> None:
    catalogue = load_catalogue(ROOT)
    assert {"nps", "days_to_pay", "okr_score", "investment_irr", "journal_error_rate", "sla_met"} <= set(catalogue)
    assert {kpi.area for kpi in catalogue.values()} >= {
        "customers", "strategy", "investments", "payables", "accounting", "support",
    }  # fmt: skip
    kinds = {kpi.kind for kpi in catalogue.values()}
    assert kinds >= {"count", "amount", "share", "ratio", "score", "duration", "level", "cash_flow"}
