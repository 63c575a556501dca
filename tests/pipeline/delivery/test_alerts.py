"""Alerts from published files that change from week to week, to a real mail server and a real receiver of webhooks."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from dashboard.published import current
from dashboard.queries.weeks import complete_weeks
from office import alerts as office_alerts
from office import runs
from office.messages import listed
from office.store import Office
from pipeline.alerting import AlertReport, alert
from pipeline.between_turns import has_something_to_send, send_waiting
from pipeline.progress import Narrator
from pipeline.settings import PROJECT_ROOT, DataFolder

QUIET = Narrator(quiet=True)
NOON = datetime(2026, 11, 23, 15)  # 12:00 in São Paulo
NIGHT = datetime(2026, 11, 24, 1)  # 22:00
LAST_WEEK = date(2026, 11, 9)
# What alerts read of a published file: small enough to be copied for every step of a story.
TABLES = {
    "kpi.catalogue": "true",
    "kpi.kpi_values": "grain = 'week' and dimension in ('total', 'business_unit') and period_start between date '2026-10-26' and date '2026-11-09'",
    "kpi.kpi_signals": "grain = 'week' and dimension in ('total', 'business_unit') and period_start between date '2026-10-26' and date '2026-11-09'",
    "kpi.kpi_restatements": "false",
    "meta.publication": "true",
    "meta.test_results": "true",
    "meta.source_freshness": "true",
    "marts.dim_business_units": "true",
}
# A week later in which everything is as it was, and every export came in time.
NEXT_WEEK = """
insert into kpi.kpi_values by name
select * replace (period_start + 7 as period_start, period_end + 7 as period_end) from kpi.kpi_values
where period_start = (select max(period_start) from kpi.kpi_values);
insert into kpi.kpi_signals by name
select * replace (period_start + 7 as period_start) from kpi.kpi_signals
where period_start = (select max(period_start) from kpi.kpi_signals);
update meta.source_freshness set last_loaded_at = last_loaded_at + interval 7 day;
update meta.publication set as_of = as_of + interval 7 day, as_of_date = as_of_date + 7;
"""
CALM = "update kpi.kpi_signals set rule = null where kpi = '{kpi}' and dimension = 'total' and period_start > date '2026-11-09';"
SIGNAL = (
    "update kpi.kpi_signals set rule = 'outside', direction = 'worse', weeks_in_signal = 1 "
    "where kpi = '{kpi}' and dimension = 'total' and period_start > date '2026-11-09';"
)
MENDED = "update meta.test_results set status = 'pass', failures = 0;"
STALE = "update meta.source_freshness set state = 'stale', days_since = 12.4 where table_name = 'payables';"
FRESH = "update meta.source_freshness set state = 'fresh', days_since = 0.2 where table_name = 'payables';"
RESTATED = """
insert into kpi.kpi_restatements (week, kpi, grain, period_start, dimension, member, reported, now, difference, rows_arrived_late)
values ('2026-W46', 'days_to_pay', 'week', date '2026-11-09', 'total', 'total', 30.0, 32.0, 2.0, 2);
"""


@dataclass
class Company:
    """A data folder whose published file is another after each `publish`."""

    folder: DataFolder
    template: Path
    number: int = 0

    def publish(self, *changes: str) -> None:
        """Publish what was published last, changed."""
        before = self.folder.serving / f"retaguarda_{self.number:03d}.duckdb" if self.number else self.template
        self.number += 1
        name = f"retaguarda_{self.number:03d}.duckdb"
        path = self.folder.serving / name
        path.write_bytes(before.read_bytes())
        connection = duckdb.connect(str(path))
        for change in changes:
            connection.execute(change)
        connection.close()
        self.folder.current.write_text(name + "\n")

    def alert(self, moment: datetime = NOON) -> AlertReport:
        return alert(self.folder, QUIET, moment=moment)

    def told(self, moment: datetime = NOON) -> list[tuple[str, str, str]]:
        """What the first audience is told now: change, key, sentence."""
        return [(one.change, one.key, one.line["sentence"]) for one in self.alert(moment).audiences[0].news]


@pytest.fixture(scope="module")
def template(published_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.duckdb"
    connection = duckdb.connect(str(path))
    connection.execute(f"attach '{published_copy}' as published (read_only)")
    for schema in ("kpi", "meta", "marts"):
        connection.execute(f"create schema {schema}")
    for table, condition in TABLES.items():
        connection.execute(f"create table {table} as select * from published.{table} where {condition}")
    connection.execute("update meta.source_freshness set state = 'fresh' where state = 'stale'")
    connection.execute(
        "update meta.source_freshness set last_loaded_at = timestamp '2026-11-23 12:00' where state = 'fresh'"
    )
    connection.close()
    return path


@pytest.fixture
def company(template: Path, tmp_path: Path) -> Company:
    made = Company(DataFolder(tmp_path / "data").prepare(), template)
    made.publish()
    return made


def written(company: Company, port: int, *audiences: str, webhook: str = "") -> None:
    """Settings and audiences; an audience is a mapping in YAML's flow style."""
    hook = "webhooks: {chat: {style: slack, url: {file: chat.secret}}}\n" if webhook else ""
    (company.folder.root / "chat.secret").write_text(webhook)
    (company.folder.root / "chat.secret").chmod(0o600)
    (company.folder.root / "delivery.yml").write_text(
        f"smtp: {{host: localhost, port: {port}, security: none, from: Back office <reports@example.com>}}\n"
        f"public_url: https://numbers.example.com\n{hook}"
    )
    listed_ones = "\n".join(f"  - {one}" for one in audiences)
    (company.folder.root / "audiences.yml").write_text(f"audiences:\n{listed_ones}\n")


BOARD = "{name: board, addresses: [ana@example.com], language: en, alerts: [signals, targets, sources, tests, restatements]}"


def test_a_story_of_four_weeks(company: Company, mail_server: Callable, receiver) -> None:
    room = mail_server()
    chat = "{name: chat, webhooks: [chat], areas: [payables], language: pt_BR, alerts: [signals, restatements]}"
    written(company, room.port, BOARD, chat, webhook=receiver.address)

    first = company.alert()
    assert [one.is_first for one in first.audiences] == [True, True]
    assert any(one.key == "signal:nps" for one in first.audiences[0].news)
    (begun,) = room.mails
    assert "alerts begin" in begun["Subject"]
    assert company.told() == [], "nothing has changed"
    assert len(room.mails) == 1

    company.publish(NEXT_WEEK, CALM.format(kpi="nps"), SIGNAL.format(kpi="resolution_time"), STALE, RESTATED, MENDED)
    told = {key: (change, sentence) for change, key, sentence in company.told()}
    assert told["source:erp.payables"] == ("new", told["source:erp.payables"][1])
    assert "not loaded for 12 days" in told["source:erp.payables"][1]
    assert told["restatement:2026-W46:days_to_pay"][0] == "new"
    assert "2 rows arrived late" in told["restatement:2026-W46:days_to_pay"][1]
    assert told["test:journal_entries_balance"][0] == "recovered"
    assert told["signal:resolution_time"][0] == "new"
    assert "signal:nps" not in told, "one calm week may be chance"
    assert len(room.mails) == 2
    text = room.mails[1].get_body(("plain",)).get_content()
    assert "Time to resolution" in text
    assert "https://numbers.example.com/kpi?kpi=resolution_time" in room.mails[1].get_body(("html",)).get_content()

    company.publish(NEXT_WEEK, CALM.format(kpi="nps"), FRESH)
    told = {key: change for change, key, _sentence in company.told()}
    assert told == {"signal:nps": "recovered", "source:erp.payables": "recovered"}
    assert "are over" in room.mails[2]["Subject"]

    company.publish(NEXT_WEEK, CALM.format(kpi="nps"))
    assert company.told() == []
    assert len(room.mails) == 3
    cards = [json.dumps(card, ensure_ascii=False) for card in receiver.received]
    assert len(cards) == 2, "the beginning, and the restatement of its own area"
    assert "início dos alertas" in cards[0]
    assert "Prazo de pagamento" in cards[1]
    assert "NPS" not in "".join(cards), "of another area"
    summary = runs.listed(Office(company.folder.root), command="alerts")[0].summary["alerted"]
    assert summary == {"new": 0, "worse": 0, "recovered": 0, "sent": 0, "failed": 0, "uncertain": 0}


def test_a_week_is_over_with_its_sunday_and_not_before(company: Company, mail_server: Callable) -> None:
    written(company, mail_server().port, BOARD.replace("[signals, targets, sources, tests, restatements]", "[signals]"))
    sunday = "update meta.publication set as_of = timestamp '2026-11-22 12:00', as_of_date = date '2026-11-22'"
    company.publish(NEXT_WEEK, sunday)
    assert complete_weeks(current(company.folder.root))[0] == LAST_WEEK
    company.publish(sunday.replace("2026-11-22 12:00", "2026-11-23 02:59:59"))
    assert complete_weeks(current(company.folder.root))[0] == LAST_WEEK + timedelta(days=7)


def test_quiet_hours_hold_and_end_in_one_digest(company: Company, mail_server: Callable) -> None:
    room = mail_server()
    written(company, room.port, BOARD.replace("language: en", "language: en, quiet_hours: '20:00-07:00'"))
    assert company.alert(NIGHT).audiences[0].is_held
    assert room.mails == []
    company.publish(NEXT_WEEK, STALE)
    company.alert(NIGHT)
    company.publish(FRESH, SIGNAL.format(kpi="resolution_time"))
    company.alert(NIGHT + timedelta(hours=1))
    assert room.mails == []
    report = company.alert(NOON + timedelta(days=1))
    assert report.audiences[0].news == ()
    (digest,) = room.mails
    text = digest.get_body(("plain",)).get_content()
    assert "Time to resolution" in text
    assert "Accounts payable" not in text.split("Time to resolution")[0] and "not loaded" not in text, (
        "it came and went"
    )


def test_news_that_were_held_leave_between_two_runs(
    company: Company, mail_server: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = mail_server()
    written(company, room.port, BOARD.replace("language: en", "language: en, quiet_hours: '20:00-07:00'"))
    company.alert(NIGHT)
    monkeypatch.setattr("pipeline.between_turns.now", lambda: NIGHT)
    assert not has_something_to_send(company.folder)
    monkeypatch.setattr("pipeline.between_turns.now", lambda: NOON + timedelta(days=1))
    assert has_something_to_send(company.folder)
    assert len(send_waiting(company.folder, QUIET).sent) == 1
    assert len(room.mails) == 1
    assert not has_something_to_send(company.folder)


def test_a_figure_whose_exports_are_late_is_not_judged(company: Company, mail_server: Callable) -> None:
    room = mail_server()
    written(company, room.port, BOARD.replace("[signals, targets, sources, tests, restatements]", "[signals]"))
    company.alert()
    late = "update meta.source_freshness set last_loaded_at = timestamp '2026-11-20 12:00' where source = 'helpdesk'"
    company.publish(NEXT_WEEK, SIGNAL.format(kpi="resolution_time"), late)
    assert company.told() == []
    company.publish("update meta.source_freshness set last_loaded_at = timestamp '2026-11-24 12:00'")
    assert [key for _change, key, _sentence in company.told()] == ["signal:resolution_time"]


def test_exports_that_stop_are_missed_although_nothing_is_published_any_more(
    company: Company, mail_server: Callable
) -> None:
    room = mail_server()
    written(company, room.port, BOARD.replace("[signals, targets, sources, tests, restatements]", "[sources]"))
    assert company.told() == []
    told = company.told(NOON + timedelta(days=40))
    assert ("new", "source:erp.payables") in [(change, key) for change, key, _sentence in told]
    assert any("not loaded for 40 days" in sentence for _change, _key, sentence in told)
    assert company.told(NOON + timedelta(days=41)) == []
    company.folder.company.write_text("label: Sample\nas_of: 2026-11-20\n")
    assert {change for change, _key, _sentence in company.told(NOON + timedelta(days=42))} == {"recovered"}, (
        "it stands still"
    )


def test_what_an_audience_was_told_is_forgotten_with_it(company: Company, mail_server: Callable) -> None:
    room = mail_server()
    written(company, room.port, BOARD.replace("language: en", "language: en, quiet_hours: '20:00-07:00'"))
    company.alert(NIGHT)
    office = Office(company.folder.root)
    assert office_alerts.audiences_waiting(office) == ["board"]
    written(company, room.port, BOARD.replace("board", "chiefs").replace("[signals, targets, ", "["))
    company.alert(NIGHT)
    assert "board" not in office_alerts.audiences_waiting(office)
    assert office_alerts.states(office, "board") is None


def test_a_build_that_failed_is_told_with_its_tests_and_mended_by_the_next_publication(
    company: Company, mail_server: Callable
) -> None:
    room = mail_server()
    written(company, room.port, BOARD.replace("[signals, targets, sources, tests, restatements]", "[tests]"))
    company.publish(MENDED)
    company.alert()
    assert room.mails == [], "there was nothing to begin with"
    failed = {"test": "payables_unique", "model": "fct_payables", "message": "", "kpis": ["days_to_pay"]}
    record = {"state": "failed", "reason": "A test failed: payables_unique", "failed_tests": [failed]}
    company.folder.last_build.write_text(json.dumps(record))
    assert [(change, key) for change, key, _sentence in company.told()] == [("new", "test:payables_unique")]
    assert company.told() == []
    company.folder.last_build.write_text(
        json.dumps({"state": "failed", "reason": "Could not convert 'Ana Souza'.", "failed_tests": []})
    )
    assert [(change, key) for change, key, _sentence in company.told()] == [("new", "build")]
    assert "Souza" not in room.mails[-1].as_string(), "an error may quote a row"
    company.folder.last_build.write_text(json.dumps({"state": "published"}))
    assert [(change, key) for change, key, _sentence in company.told()] == [("recovered", "build")]


def test_readers_of_a_unit_are_told_of_that_unit_alone_and_nothing_restricted(
    company: Company, mail_server: Callable
) -> None:
    room = mail_server()
    written(company, room.port, "{name: sul, addresses: [bia@example.com], units: [SUL], alerts: [signals, targets]}")
    company.publish(
        "alter table kpi.catalogue add column if not exists restricted_pt_br varchar",
        "update kpi.catalogue set restricted_pt_br = 'salários' where name = 'days_to_pay'",
    )
    news = company.alert().audiences[0].news
    assert news
    assert all(one.key.endswith(":SUL") for one in news)
    assert not any("days_to_pay" in one.key for one in news)
    assert "Unidade Sul" in room.mails[0].get_body(("plain",)).get_content()


KILLED = """
import os, sys
from datetime import datetime
from pathlib import Path
from office import alerts as office_alerts
from pipeline.alerting import alert
from pipeline.progress import Narrator
from pipeline.settings import DataFolder

office_alerts.drop_batch = lambda office, batch: os.kill(os.getpid(), 9)
alert(DataFolder(Path(sys.argv[1])), Narrator(quiet=True), moment=datetime(2026, 11, 23, 15))
"""


def test_killed_before_the_batch_is_put_away_nobody_is_told_twice(company: Company, mail_server: Callable) -> None:
    room = mail_server()
    written(company, room.port, BOARD)
    ended = subprocess.run([sys.executable, "-c", KILLED, str(company.folder.root)], cwd=PROJECT_ROOT, check=False)
    assert ended.returncode == -9
    office = Office(company.folder.root)
    assert len(listed(office, "alert")) == 1
    assert office_alerts.waiting(office, "board") != []
    company.alert()
    assert office_alerts.waiting(office, "board") == []
    assert len(room.mails) == 1
    assert [run.state for run in runs.listed(office, command="alerts")] == [runs.DONE, runs.KILLED]


def test_alerts_that_did_not_leave_are_named_and_sent_again_when_a_person_asks(
    company: Company, mail_server: Callable, capsys: pytest.CaptureFixture[str]
) -> None:
    room = mail_server()
    written(company, room.port, BOARD.replace("[ana@example.com]", "[ana@example.com, bia@example.com]"))
    room.refusals["bia@example.com"] = "550 no such mailbox"
    assert company.alert().trouble == "1 failed"
    room.refusals.clear()
    loud = Narrator()
    assert alert(company.folder, loud, moment=NOON).sent == 0, "never by itself"
    told = " ".join(capsys.readouterr().err.split())
    assert "board · bia@example.com" in told
    assert "550 no such mailbox" in told
    assert "retaguarda alerts --resend" in told
    assert alert(company.folder, loud, resend="ana", moment=NOON).sent == 1
    assert room.recipients == ["ana@example.com", "bia@example.com"]
    office = Office(company.folder.root)
    with office.reading() as connection:
        asked = connection.execute("select actor from audit where action = 'asked_again'").fetchall()
    assert [row["actor"] for row in asked] == ["ana"]
    capsys.readouterr()
    assert alert(company.folder, loud, resend="ana", moment=NOON).sent == 0, "what was sent stays sent"
    assert "--resend" not in capsys.readouterr().err


def test_alerts_of_weeks_ago_are_not_sent_again(company: Company, mail_server: Callable) -> None:
    room = mail_server()
    written(company, room.port, BOARD)
    room.refusals["ana@example.com"] = "550 no such mailbox"
    company.alert()
    room.refusals.clear()
    office = Office(company.folder.root)
    with office.writing() as connection:
        connection.execute("update outbox set created_at = ?", ("2026-01-01T00:00:00.000000",))
    assert alert(company.folder, QUIET, resend="ana", moment=NOON).sent == 0
    assert room.recipients == []


def test_a_dry_run_keeps_and_sends_nothing(company: Company, mail_server: Callable, retaguarda: Callable) -> None:
    room = mail_server()
    written(company, room.port, BOARD)
    ended = retaguarda("alerts", "--dry-run", "--format", "json", data=company.folder.root)
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)["audiences"]
    assert told[0]["is_first"]
    assert told[0]["news"]
    assert office_alerts.states(Office(company.folder.root), "board") is None
    assert room.mails == []


def test_without_a_mail_server_nothing_is_taken_for_told(company: Company, retaguarda: Callable) -> None:
    (company.folder.root / "audiences.yml").write_text(f"audiences:\n  - {BOARD}\n")
    ended = retaguarda("alerts", data=company.folder.root)
    assert ended.returncode == 2
    assert "no mail server" in ended.stderr
    assert office_alerts.states(Office(company.folder.root), "board") is None
