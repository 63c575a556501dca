"""The inbox: what is ready, where files go, and that moving loses nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from subprocess import CompletedProcess

import duckdb
import pytest

from ingestion.reports import FileReport
from pipeline.company import read_company
from pipeline.confirming import archive_confirmed, held_files, with_later_loads
from pipeline.failures import ExitCode, Failure
from pipeline.inbox import PROCESSES, free_place, is_export, move, open_for_writing, put_away, settled_exports
from pipeline.loading import LoadReport, load
from pipeline.progress import Narrator
from pipeline.settings import DataFolder
from tests.ingestion.conftest import HEADER, payable

RunCommand = Callable[..., "CompletedProcess[str]"]
SUPPLIERS = "Empresa;Unidade;Fornecedor;Nome;Ativo"
MONTH = f"{time.strftime('%Y-%m')}"


def report(state: str, message: str = "Why.") -> FileReport:
    return FileReport("a.csv", state, message, "What to do.")


def aged(path: Path, text: str = "x") -> Path:
    """A file that was written a minute ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    then = time.time() - 60
    os.utime(path, (then, then))
    return path


@pytest.mark.parametrize(
    "name", ["a.csv.part", "a.csv.tmp", "~$a.xlsx", ".a.csv", "a.csv.crdownload", "a.csv.reason.txt", "A.CSV.FILEPART"]
)
def test_unfinished_names_are_no_exports(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x", encoding="utf-8")
    assert not is_export(tmp_path / name)


@pytest.mark.skipif(not PROCESSES.is_dir(), reason="only Linux tells which process has which file open")
def test_a_file_that_a_process_has_open_for_writing_waits(tmp_path: Path) -> None:
    written, read, closed = (aged(tmp_path / name) for name in ("a.csv", "b.csv", "sub/c.csv"))
    with written.open("a", encoding="utf-8"), read.open(encoding="utf-8"):
        os.utime(written, (time.time() - 60, time.time() - 60))
        assert open_for_writing([written, read, closed]) == {written}
        assert settled_exports(tmp_path) == ([read, closed], [written])
    assert settled_exports(tmp_path) == ([written, read, closed], [])


def test_loaded_rejected_and_held_go_to_places_of_their_own(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path).prepare()
    for state in ("loaded", "unchanged", "rejected", "held"):
        path = aged(folder.inbox / "SUL" / f"{state}.csv")
        put_away(folder, path, [report(state)])
        assert not path.exists()
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.csv")} == {
        f"archive/{MONTH}/SUL/loaded.csv", f"archive/{MONTH}/SUL/unchanged.csv", f"rejected/{MONTH}/SUL/rejected.csv",
        "held/SUL/held.csv",
    }  # fmt: skip
    reason = folder.rejected / MONTH / "SUL" / "rejected.csv.reason.txt"
    assert reason.read_text(encoding="utf-8") == "Why.\nWhat to do.\n"
    assert (folder.held / "SUL" / "held.csv.reason.txt").exists()


def test_an_archive_with_one_good_member_is_loaded_and_says_what_was_not(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path).prepare()
    moved = put_away(folder, aged(folder.inbox / "a.zip"), [report("loaded"), report("rejected", "Not this one.")])
    assert moved.parent == folder.archive / MONTH
    assert "Not this one." in moved.with_name("a.zip.reason.txt").read_text(encoding="utf-8")


def test_an_archive_with_a_held_member_waits_to_be_confirmed(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path).prepare()
    moved = put_away(folder, aged(folder.inbox / "a [1].zip"), [report("loaded"), report("held", "It lacks rows.")])
    assert moved.parent == folder.held
    assert held_files(folder, [Path("a [1].zip")]) == [moved]
    confirmed = replace(report("loaded"), paths=(moved,))
    archive_confirmed(folder, LoadReport("batch", (confirmed, replace(report("rejected"), paths=(moved,)))))
    assert list(folder.held.iterdir()) == []
    assert (folder.archive / MONTH / moved.name).exists()


def test_nothing_is_ever_written_over(tmp_path: Path) -> None:
    places = {move(aged(tmp_path / "in" / "a.csv", str(number)), tmp_path / "out") for number in range(4)}
    assert len(places) == 4
    assert {path.read_text(encoding="utf-8") for path in places} == {"0", "1", "2", "3"}
    assert {path.suffix for path in places} == {".csv"}
    assert free_place(tmp_path / "out" / "b.csv") == tmp_path / "out" / "b.csv"


@pytest.fixture
def other_filesystem(tmp_path: Path) -> Iterator[Path]:
    """A folder on another filesystem than the temporary one."""
    for candidate in (Path("/dev/shm"), Path.home()):  # noqa: S108 — a folder of its own name, made here
        if candidate.is_dir() and os.access(candidate, os.W_OK) and candidate.stat().st_dev != tmp_path.stat().st_dev:
            folder = candidate / f"retaguarda_test_{os.getpid()}"
            folder.mkdir()
            yield folder
            shutil.rmtree(folder)
            return
    pytest.skip("there is one filesystem only")


def test_moving_across_filesystems_is_whole(tmp_path: Path, other_filesystem: Path) -> None:
    path = aged(tmp_path / "a.csv", "content" * 10_000)
    place = move(path, other_filesystem / "2026-11")
    assert not path.exists()
    assert place.read_text(encoding="utf-8") == "content" * 10_000
    assert [each.name for each in place.parent.iterdir()] == ["a.csv"]


def suppliers(count: int, name: str = "Nome") -> str:
    return "\n".join([SUPPLIERS, *(f"01;MTZ;F{number};{name};sim" for number in range(count)), ""])


def test_a_held_export_is_confirmed_by_its_name_and_archived(retaguarda: RunCommand, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data").prepare()
    assert retaguarda("load", aged(tmp_path / "fornecedores_1.csv", suppliers(40)), data=folder.root).returncode == 0
    held = aged(folder.held / "fornecedores_2.csv", suppliers(20, "Outro"))
    refused = retaguarda("load", held, "--format", "json", data=folder.root)
    assert refused.returncode == ExitCode.REJECTED
    told = json.loads(refused.stdout)
    assert (told["held_files"], told["rows_loaded"], told["files"][0]["state"]) == (1, 0, "held")
    assert "20 of the 40" in refused.stderr
    (held.with_name(held.name + ".reason.txt")).write_text("why", encoding="utf-8")
    ended = retaguarda("load", "fornecedores_2.csv", "--confirm", "--format", "json", data=folder.root)
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["rows_closed"] == 20
    assert [path.name for path in folder.archive.rglob("*.csv")] == ["fornecedores_2.csv"]
    assert list(folder.held.iterdir()) == []


def test_a_confirmed_export_that_is_older_than_a_loaded_one_says_so(tmp_path: Path) -> None:
    folder, narrator = DataFolder(tmp_path / "data").prepare(), Narrator(quiet=True)
    first, held = (aged(tmp_path / f"fornecedores_{count}.csv", suppliers(count)) for count in (40, 20))
    later = aged(tmp_path / "fornecedores_41.csv", suppliers(41))
    states = [load(folder, [path], narrator, batch_prefix=path.stem).files[0].state for path in (first, held, later)]
    assert states == ["loaded", "held", "loaded"]
    confirmed = load(folder, [held], narrator, is_confirmed=True)
    (note,) = with_later_loads(folder, confirmed, narrator).files[0].notes
    assert note.startswith("Loaded since it was held: 1 file of erp.suppliers.")
    again = load(folder, [later], narrator, is_confirmed=True)
    assert with_later_loads(folder, again, narrator).files[0].notes == (), "it was never held"


def test_the_company_sets_how_much_a_full_export_may_lack(retaguarda: RunCommand, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data").prepare()
    folder.company.write_text("label: X\nmaximum_shrink: {erp.suppliers: 0.6}\n", encoding="utf-8")
    retaguarda("load", aged(tmp_path / "fornecedores_1.csv", suppliers(40)), data=folder.root)
    assert retaguarda("load", aged(tmp_path / "fornecedores_2.csv", suppliers(20)), data=folder.root).returncode == 0
    folder.company.write_text("label: X\nmaximum_shrink: {erp.suppliers: 60}\n", encoding="utf-8")
    ended = retaguarda("load", aged(tmp_path / "fornecedores_3.csv", suppliers(19)), data=folder.root)
    assert ended.returncode == ExitCode.FAILED
    assert "maximum_shrink" in ended.stderr


def test_a_date_that_is_none_in_the_company_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "company.yml").write_text("label: X\nas_of: 2026-13-01\n", encoding="utf-8")
    with pytest.raises(Failure, match='as_of "2026-13-01" is no date'):
        read_company(tmp_path / "company.yml")


def test_quarantined_rows_are_listed_written_mended_and_resolved(retaguarda: RunCommand, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data").prepare()
    export = aged(tmp_path / "payables_1.csv", "\n".join([HEADER, payable(), payable(document="2", due="x"), ""]))
    assert retaguarda("load", export, data=folder.root).returncode == 0
    assert retaguarda("load", export, "--strict", data=folder.root).returncode == ExitCode.REJECTED
    (waiting,) = folder.quarantine.iterdir()
    assert waiting.name == "1_payables_1.csv"
    out = tmp_path / "out"
    listed = retaguarda("quarantine", "payables_1.csv", "--out", out, "--format", "json", data=folder.root)
    assert json.loads(listed.stdout)["quarantine"][0]["rows"] == 1, listed.stderr
    assert (out / waiting.name).read_bytes() == waiting.read_bytes()
    waiting.write_text(waiting.read_text(encoding="utf-8-sig").replace(";x;", ";03/07/2026;"), encoding="utf-8")
    assert retaguarda("load", waiting, "--strict", data=folder.root).returncode == 0
    assert "1 of them in good order since" in retaguarda("quarantine", data=folder.root).stdout
    ended = retaguarda("quarantine", "nothing.csv", data=folder.root)
    assert ended.returncode == ExitCode.USAGE


# ---- disks and folders that refuse ----------------------------------------------------------------------------------

LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
sys.argv = ["retaguarda", *sys.argv[2:]]
from pipeline.cli import main
main()
"""


def rows(store: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(str(store), read_only=True) as connection:
        return connection.execute(
            "select (select count(*) from erp.payables), (select count(*) from load.files where state = 'loaded')"
        ).fetchall()


def big_export(path: Path) -> Path:
    lines = (payable(document=f"{number:x}" * 9, centre=f"{number * 7919:x}" * 5) for number in range(60_000))
    return aged(path, "\n".join([HEADER, *lines, ""]))


def test_a_full_disk_is_told_and_nothing_is_half_in(retaguarda: RunCommand, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data").prepare()
    small = aged(tmp_path / "payables_0.csv", "\n".join([HEADER, payable(), ""]))
    assert retaguarda("load", small, data=folder.root).returncode == 0
    export = big_export(tmp_path / "payables_1.csv")
    limit = folder.raw.stat().st_size + (1 << 20)
    ended = subprocess.run(
        [sys.executable, "-c", LIMITED, str(limit), "load", str(export), "--data", str(folder.root)],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert ended.returncode == ExitCode.FAILED, ended.stderr
    assert str(folder.root) in ended.stderr
    assert "no space left" in ended.stderr
    assert "→ Free some space" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert rows(folder.raw) == [(1, 1)]
    assert retaguarda("load", export, data=folder.root).returncode == 0
    assert rows(folder.raw) == [(60_001, 2)]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes, where this user may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this user may not mount a disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False)


def test_a_small_disk_that_fills_up(retaguarda: RunCommand, small_disk: Path, tmp_path: Path) -> None:
    folder = DataFolder(small_disk / "data").prepare()
    small = aged(tmp_path / "payables_0.csv", "\n".join([HEADER, payable(), ""]))
    assert retaguarda("load", small, data=folder.root).returncode == 0
    filler = small_disk / "filler"
    free = shutil.disk_usage(small_disk).free
    filler.write_bytes(b"0" * (free - (1 << 20)))
    export = big_export(tmp_path / "payables_1.csv")
    ended = retaguarda("load", export, data=folder.root)
    assert ended.returncode == ExitCode.FAILED, ended.stderr
    assert "no space left" in ended.stderr
    filler.unlink()
    assert rows(folder.raw) == [(1, 1)]
    assert retaguarda("load", export, data=folder.root).returncode == 0
    assert rows(folder.raw) == [(60_001, 2)]


def test_a_disk_that_is_read_only_is_told(retaguarda: RunCommand, small_disk: Path, tmp_path: Path) -> None:
    folder = DataFolder(small_disk / "data").prepare()
    small = aged(tmp_path / "payables_0.csv", "\n".join([HEADER, payable(), ""]))
    assert retaguarda("load", small, data=folder.root).returncode == 0
    remounted = subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], capture_output=True, check=False)
    if remounted.returncode:
        pytest.skip("this user may not mount a disk read-only")
    for arguments in (("load", small), ("refresh",), ("build",)):
        ended = retaguarda(*arguments, data=folder.root)
        assert ended.returncode == ExitCode.FAILED, (arguments, ended.stderr)
        assert str(folder.root) in ended.stderr
        assert "read-only" in ended.stderr
        assert "Traceback" not in ended.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_read_only_is_told(retaguarda: RunCommand, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    small = aged(tmp_path / "payables_0.csv", "\n".join([HEADER, payable(), ""]))
    ended = retaguarda("load", small, data=closed / "data")
    assert ended.returncode == ExitCode.FAILED
    assert "read-only" in ended.stderr


def test_a_file_where_a_folder_should_be_is_told(retaguarda: RunCommand, tmp_path: Path) -> None:
    blocked = aged(tmp_path / "data")
    ended = retaguarda("load", aged(tmp_path / "payables_0.csv"), data=blocked)
    assert ended.returncode == ExitCode.FAILED
    assert str(blocked) in ended.stderr
    assert "Traceback" not in ended.stderr
