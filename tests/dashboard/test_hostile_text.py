"""Text from exports is shown letter by letter: no markup, no link, no formula, whoever wrote the file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from lxml.html import fromstring

from dashboard import exports
from dashboard.published import current, current_path
from dashboard.queries import loads
from tests.dashboard.visiting import APP, AREAS, figures, markdowns, tables, texts, visit

SCRIPT = "<script>alert(1)</script>"
PICTURE = "<img src=x onerror=alert(1)>"
FORMULA = "=cmd|'/c calc'!A1"
MARKDOWN = "# [click](https://example.org) **bold** $x$ :red[stop] `code` www.example.org me@example.org"
HOSTILE = f"{MARKDOWN} {SCRIPT}"


@pytest.fixture(scope="module")
def hostile_data(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The published sample with hostile text where companies write freely."""
    folder = tmp_path_factory.mktemp("hostile")
    serving = folder / "serving"
    serving.mkdir()
    source = current_path(demo_data)
    copy = serving / source.name
    copy.write_bytes(source.read_bytes())
    (serving / "current").write_text(copy.name)
    with duckdb.connect(str(copy)) as connection:
        connection.execute("update marts.fct_payables set supplier_name = ? where not is_paid", [FORMULA + SCRIPT])
        connection.execute("update marts.fct_survey_responses set comment = ? where score <= 6", [HOSTILE])
        connection.execute("update marts.fct_journal_entries set module = ?", [PICTURE])
        connection.execute("update marts.fct_objectives set title = ?", [HOSTILE])
        connection.execute("update marts.fct_projects set name = ?", [HOSTILE])
        connection.execute("update marts.dim_business_units set label = ? where business_unit = 'SUL'", [HOSTILE])
        connection.execute("update meta.quarantine set value = ?, reason = ?", [FORMULA, HOSTILE])
        connection.execute("update meta.publication set company_label = ?", [HOSTILE])
        for table in ("kpi.kpi_values", "kpi.kpi_signals"):
            connection.execute(
                f"update {table} set member = ? where dimension = 'category' and member = 'Mercadorias'", [HOSTILE]
            )
    (serving / "last_build.json").write_text(json.dumps({"state": "failed", "reason": HOSTILE, "failed_tests": ["a"]}))
    yield folder
    current(folder).close()


def is_escaped(text: str) -> bool:
    """Whether Markdown shows the hostile text as it is: every sign that means something has a backslash before it."""
    for sign in ("<script", "# ", "[click]", "**bold", "$x", ":red[", "`code"):
        if re.search(r"(?<!\\)" + re.escape(sign), text):
            return False
    return not re.search(r"//\w|www\.|@\w", text)


PAGES = [
    *((area, {}) for area in AREAS),
    ("overview", {}),
    ("overview", {"unit": "SUL"}),
    ("kpi", {"kpi": "days_to_pay", "by": "category", "grain": "month"}),
    ("kpi", {"kpi": "days_to_pay", "by": "category", "member": HOSTILE, "grain": "month"}),
    ("kpi", {"kpi": "paid_late", "split": "category", "grain": "month"}),
    ("kpi", {"kpi": "okr_score", "by": "objective", "grain": "month"}),
    ("kpi", {"kpi": "investment_npv", "grain": "month"}),
    ("weekly", {}),
    ("weekly", {"unit": "SUL", "view": "restated", "tolerance": "0", "restated": "days_payable_outstanding.week"}),
]


@pytest.mark.parametrize(("page", "parameters"), PAGES)
def test_markdown_of_a_company_is_shown_as_text(hostile_data: Path, page: str, parameters: dict[str, str]) -> None:
    app = visit(hostile_data, page, **parameters)
    shown = [*markdowns(app), *(button.label for button in app.button)]
    shown += [link.proto.label for link in app.get("page_link")]
    hostile = [text for text in shown if "click" in text]
    assert hostile, "the company's label alone makes every page a case"
    for text in hostile:
        assert is_escaped(text), text
    for html in tables(app):
        assert fromstring(f"<div>{html}</div>").xpath(".//script | .//img | .//*[@onerror]") == []
        assert "<script" not in html


def test_charts_show_markup_as_text(hostile_data: Path) -> None:
    found = 0
    for page, parameters in (*PAGES, ("kpi", {"kpi": "journal_error_rate", "by": "module", "grain": "month"})):
        for figure in figures(visit(hostile_data, page, **parameters)):
            spec = json.dumps(figure)
            assert "<script" not in spec, page
            assert "<img" not in spec, page
            found += spec.count("&lt;script") + spec.count("&lt;img")
    assert found > 3, "the case must reach the charts"


def test_tables_hold_the_text_itself(hostile_data: Path) -> None:
    """A table is drawn on a canvas, where nothing is markup: the text must be neither escaped nor lost."""
    assert (visit(hostile_data, "payables").dataframe[0].value["supplier_name"] == FORMULA + SCRIPT).all()
    assert (visit(hostile_data, "customers").dataframe[0].value["comment"] == HOSTILE).all()
    held = visit(hostile_data, "data", view="quarantine").dataframe[0].value
    assert (held["value"] == FORMULA).all()


def test_a_download_carries_no_formula(hostile_data: Path) -> None:
    text = exports.csv_bytes(loads.quarantine(current(hostile_data), 100), "pt_BR").decode("utf-8-sig")
    assert "'" + FORMULA in text
    assert not re.search(r"(^|;|\")=cmd", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("kpi", ("kpi", "unit", "grain", "by", "member", "period", "split", "against", "lang")),
        ("payables", ("unit", "grain")),
        ("data", ("view",)),
    ],
)
def test_hostile_parameters_open_a_page(demo_data: Path, page: str, names: tuple[str, ...]) -> None:
    for name in names:
        for value in (SCRIPT, "' or 1=1 --\x00"):
            assert all(value not in text for text in texts(visit(demo_data, page, **{name: value})))


def test_no_page_draws_html() -> None:
    """Streamlit draws HTML only where it is asked to: nothing of ours may ask."""
    sources = [path.read_text(encoding="utf-8") for path in APP.parent.rglob("*.py")]
    assert not [source for source in sources if "unsafe_allow_html" in source or "st.html(" in source]
