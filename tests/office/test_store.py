"""Several processes write to the office file at once; nothing is lost, half done or rewritten."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from office import annotations, audit, queries
from office.annotations import Note, Unwritable
from office.migrations import STEPS
from office.store import NewerOffice, Office

WRITER = """
import sys
from datetime import date
from pathlib import Path
from office import annotations, queries
from office.store import Office

office = Office(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    note = annotations.Note("days_to_pay", date(2026, 1, 1), date(2026, 1, 2), f"{sys.argv[2]} {number}", "")
    annotations.write(office, note, sys.argv[2])
    statement = f"select '{sys.argv[2]}', {number}"
    queries.remember(office, "the same reader", queries.Past(statement, "2026-01-01", 0.1, 1, "done"))
"""
NOTE = Note("nps", date(2026, 3, 1), date(2026, 3, 7), "Strike of the carriers", "Greve dos transportadores", "SUL")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_processes_that_start_on_a_fresh_folder_lose_nothing(tmp_path: Path) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), f"writer {number}", "25"], stderr=subprocess.PIPE
        )
        for number in range(5)
    ]
    for writer in writers:
        errors = writer.communicate(timeout=120)[1]
        assert writer.returncode == 0, errors.decode()
    office = Office(tmp_path)
    kept = annotations.listed(office)
    assert sorted(a.note.text_en for a in kept) == sorted(f"writer {w} {n}" for w in range(5) for n in range(25))
    assert len(audit.entries(office, "annotation")) == 125
    assert len(queries.history(office, "the same reader")) == queries.HISTORY_KEPT


def test_a_writer_killed_in_the_middle_leaves_nothing(tmp_path: Path, office: Office) -> None:
    annotations.write(office, NOTE, "Ana")
    killed = """
import os, sys
from pathlib import Path
from office.store import Office
with Office(Path(sys.argv[1])).writing() as connection:
    connection.execute("update annotations set text_en = 'half done'")
    os.kill(os.getpid(), 9)
"""
    ended = subprocess.run([sys.executable, "-c", killed, str(tmp_path)], check=False)
    assert ended.returncode == -9
    assert [a.note for a in annotations.listed(office)] == [NOTE]
    annotations.write(office, NOTE, "Bruno")  # and nobody is locked out


def test_a_block_that_raises_changes_nothing(office: Office) -> None:
    annotations.write(office, NOTE, "Ana")
    with pytest.raises(RuntimeError, match="afterwards"), office.writing() as connection:
        connection.execute("delete from annotations")
        raise RuntimeError("afterwards")
    assert len(annotations.listed(office)) == 1


def test_an_annotation_is_edited_and_taken_back_and_the_audit_tells(office: Office) -> None:
    first = annotations.write(office, NOTE, " Ana ")
    changed = Note("nps", NOTE.first_day, NOTE.last_day, "Strike, over on the 7th", "", "SUL")
    second = annotations.edit(office, first.annotation_id, changed, "Bruno")
    assert (second.author, second.edited_by, second.created_at) == ("Ana", "Bruno", first.created_at)
    assert second.text("pt_BR") == second.text("en") == "Strike, over on the 7th"
    assert annotations.listed(office, "nps") == [second]
    assert annotations.listed(office, "enps") == []
    annotations.delete(office, first.annotation_id, "Carla")
    assert annotations.listed(office) == []
    told = audit.entries(office, "annotation", first.annotation_id)
    assert [(entry.actor, entry.action) for entry in told] == [
        ("Ana", "created"),
        ("Bruno", "edited"),
        ("Carla", "deleted"),
    ]
    assert "Greve dos transportadores" in (told[1].before or "")
    with pytest.raises(KeyError):
        annotations.edit(office, first.annotation_id, changed, "Bruno")


@pytest.mark.parametrize(
    ("note", "author", "reason"),
    [
        (Note("nps", NOTE.first_day, NOTE.last_day, " ", ""), "Ana", "text"),
        (Note("nps", NOTE.first_day, NOTE.last_day, "x" * 501, ""), "Ana", "length"),
        (Note("nps", NOTE.last_day, NOTE.first_day, "x", ""), "Ana", "days"),
        (NOTE, " ", "author"),
    ],
)
def test_what_cannot_be_kept_is_refused(office: Office, note: Note, author: str, reason: str) -> None:
    with pytest.raises(Unwritable) as refused:
        annotations.write(office, note, author)
    assert refused.value.reason == reason
    assert annotations.listed(office) == []


@pytest.mark.parametrize("statement", ["update audit set actor = 'nobody'", "delete from audit"])
def test_the_audit_cannot_be_rewritten(office: Office, statement: str) -> None:
    annotations.write(office, NOTE, "Ana")
    with pytest.raises(sqlite3.IntegrityError, match="never"), office.writing() as connection:
        connection.execute(statement)


def test_a_file_of_a_newer_version_is_left_alone(office: Office) -> None:
    with office.writing() as connection:
        connection.execute(f"pragma user_version = {len(STEPS) + 1}")
    with pytest.raises(NewerOffice, match="newer version"):
        annotations.listed(office)


def test_an_older_file_is_brought_up_with_what_is_in_it(office: Office) -> None:
    office.path.parent.mkdir(exist_ok=True)
    old = sqlite3.connect(office.path)
    for statement in STEPS[0]:
        old.execute(statement)
    old.execute(
        "insert into annotations (annotation_id, kpi, first_day, last_day, text_en, author, created_at) "
        "values ('a', 'nps', '2026-01-01', '2026-01-01', 'kept', 'Ana', '2026-01-01T00:00:00')"
    )
    old.execute("pragma user_version = 1")
    old.commit()
    old.close()
    assert [a.note.text_en for a in annotations.listed(office)] == ["kept"]
    assert queries.saved(office) == []


def test_a_saved_query_is_everybodys_to_read_and_its_owners_to_change(office: Office) -> None:
    kept = queries.save(office, "Late payers", "select 1", "Ana", "ana's key")
    assert queries.find(office, kept.query_id) == kept
    with pytest.raises(PermissionError):
        queries.change(office, kept.query_id, "Mine now", "select 2", "bruno's key")
    with pytest.raises(PermissionError):
        queries.remove(office, kept.query_id, "")
    assert queries.change(office, kept.query_id, "Late payers", "select 2", "ana's key").statement == "select 2"
    queries.remove(office, kept.query_id, "ana's key")
    assert queries.saved(office) == []
    assert queries.find(office, kept.query_id) is None
    with pytest.raises(ValueError, match="title"):
        queries.save(office, "  ", "select 1", "Ana", "ana's key")


def test_a_history_is_its_readers_own_and_bounded(office: Office) -> None:
    for number in range(queries.HISTORY_KEPT + 3):
        queries.remember(office, "ana", queries.Past(f"select {number}", "2026-01-01", 0.1, 1, "done"))
    queries.remember(office, "bruno", queries.Past("select 'b'", "2026-01-01", 0.1, None, "failed"))
    queries.remember(office, "", queries.Past("select 'nobody'", "2026-01-01", 0.1, 1, "done"))
    assert [past.statement for past in queries.history(office, "ana")][:2] == [
        f"select {queries.HISTORY_KEPT + 2}", f"select {queries.HISTORY_KEPT + 1}",
    ]  # fmt: skip
    assert len(queries.history(office, "ana")) == queries.HISTORY_KEPT
    assert [past.statement for past in queries.history(office, "bruno")] == ["select 'b'"]
    queries.remember(office, "bruno", queries.Past("select 'b'", "2026-01-02", 0.1, 1, "done"))
    assert [(past.statement, past.state) for past in queries.history(office, "bruno")] == [("select 'b'", "done")]
    assert queries.history(office, "") == []
