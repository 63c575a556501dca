"""Packed files: what is in them comes out, and nothing that is a trick does, nor anything outside the private folder."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.load_many import load_files
from ingestion.readers import RejectedFile
from ingestion.readers.archive import Limits, members, unpacked
from tests.ingestion.conftest import HEADER, payable

SMALL = Limits(unpacked_bytes=1 << 20, ratio=50, ratio_from=1 << 16, members=10)


def write_zip(path: Path, parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name), content, method)
    return path


def test_members_come_with_their_content_and_go_afterwards(tmp_path) -> None:
    parts = {"a.csv": b"1", "mes/a.csv": b"2", "mes/nota fiscal çã.xml": b"<x/>", "vazio.csv": b""}
    path = write_zip(tmp_path / "july.zip", {**parts, "mes/": b"", "__MACOSX/a.csv": b"x", ".DS_Store": b"x"})
    with unpacked(path) as found:
        assert {member.name: member.path.read_bytes() for member in found} == {
            f"july.zip/{name}": content for name, content in parts.items()
        }
        assert [member.path.name for member in found] == ["a.csv", "a.csv", "nota fiscal çã.xml", "vazio.csv"]
        assert all(member.path.is_relative_to(tempfile.gettempdir()) for member in found)
    assert not any(member.path.exists() for member in found)
    for member in members(path):
        assert member.path.exists()


def test_gzip_is_the_file_itself(tmp_path) -> None:
    path = tmp_path / "payables.csv.gz"
    path.write_bytes(gzip.compress(b"abc", mtime=0) + gzip.compress(b"def", mtime=0))
    with unpacked(path) as (member,):
        assert (member.name, member.path.name) == ("payables.csv.gz", "payables.csv")
        assert member.path.read_bytes() == b"abcdef"


@pytest.mark.parametrize(
    "name",
    ["../evil.csv", "a/../../evil.csv", "/etc/evil.csv", "C:\\evil.csv", "C:evil.csv", "..\\evil.csv", "a//b.csv",
     "./a.csv", "a/./b.csv", "evil\x01.csv", "evil\u202egpj.csv", "x" * 300 + ".csv", "\\\\host\\share\\a.csv"],
)  # fmt: skip
def test_names_that_lead_elsewhere_refuse_the_archive(name, tmp_path) -> None:
    path = write_zip(tmp_path / "july.zip", {"good.csv": b"1", name: b"2"})
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(RejectedFile) as refused, unpacked(path):
        pass
    assert refused.value.remedy
    assert "\x01" not in refused.value.message
    assert sorted(tmp_path.rglob("*")) == before


def test_links_and_special_files_are_refused(tmp_path) -> None:
    for kind in (stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR):
        part = zipfile.ZipInfo("link.csv")
        part.create_system, part.external_attr = 3, (kind | 0o777) << 16
        with zipfile.ZipFile(tmp_path / "july.zip", "w") as package:
            package.writestr(part, "/etc/passwd")
        with pytest.raises(RejectedFile, match="is a link"), unpacked(tmp_path / "july.zip"):
            pass


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("names", [("a.csv", "a.csv"), ("a.csv", "A.CSV"), ("ç.csv", "c\u0327.csv")])
def test_a_name_that_stands_twice_is_refused(names, tmp_path) -> None:
    with zipfile.ZipFile(tmp_path / "july.zip", "w") as package:
        for name in names:
            package.writestr(name, "x")
    with pytest.raises(RejectedFile, match="twice"), unpacked(tmp_path / "july.zip"):
        pass


def test_a_password_is_told(tmp_path) -> None:
    path = write_zip(tmp_path / "july.zip", {"a.csv": b"1"}, zipfile.ZIP_STORED)
    content = bytearray(path.read_bytes())
    for start, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(start) + offset] |= 1
    path.write_bytes(content)
    with pytest.raises(RejectedFile, match="password"), unpacked(path):
        pass


@pytest.mark.parametrize("name", ["bomb.zip", "bomb.csv.gz"])
def test_bombs_are_refused_before_they_are_large(name, tmp_path) -> None:
    path = tmp_path / name
    content = b"\0" * (8 << 20)
    if name.endswith(".gz"):
        path.write_bytes(gzip.compress(content, mtime=0))
    else:
        write_zip(path, {"bomb.csv": content})
    with pytest.raises(RejectedFile, match="times its size"), unpacked(path, Limits(ratio_from=1 << 20)):
        pass
    with pytest.raises(RejectedFile, match="more than 1 MiB"), unpacked(path, Limits(unpacked_bytes=1 << 20)):
        pass


def test_a_zip_that_lies_about_its_sizes_is_refused(tmp_path) -> None:
    """The declared size is small; what comes out is not taken on trust."""
    path = write_zip(tmp_path / "bomb.zip", {"a.csv": b"x" * (4 << 20)})
    content = bytearray(path.read_bytes())
    for start, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = content.index(start) + offset
        content[place : place + 4] = struct.pack("<I", 100)
    path.write_bytes(content)
    with pytest.raises(RejectedFile), unpacked(path, SMALL):
        pass


def test_many_small_members_together_are_a_bomb_too(tmp_path) -> None:
    path = write_zip(tmp_path / "bomb.zip", {f"{place}.csv": b"\0" * 60_000 for place in range(9)})
    with pytest.raises(RejectedFile, match="times its size"), unpacked(path, SMALL):
        pass
    path = write_zip(tmp_path / "many.zip", {f"{place}.csv": b"1" for place in range(11)})
    with pytest.raises(RejectedFile, match="holds 11 files"), unpacked(path, SMALL):
        pass


@pytest.mark.parametrize("inner", ["inner.zip", "inner.csv", "inner.csv.gz"])
def test_an_archive_in_an_archive_is_refused_whatever_its_name(inner, tmp_path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("a.csv", "1")
    content = gzip.compress(b"1", mtime=0) if inner.endswith(".gz") else packed.getvalue()
    with (
        pytest.raises(RejectedFile, match="another archive"),
        unpacked(write_zip(tmp_path / "a.zip", {inner: content})),
    ):
        pass
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(content, mtime=0))
    with pytest.raises(RejectedFile, match="another archive"), unpacked(path):
        pass


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.zip", b""), ("a.zip", b"hello"), ("a.zip", b"PK\x03\x04 cut"), ("a.csv.gz", b""), ("a.csv.gz", b"a;b\n"),
     ("a.csv.gz", gzip.compress(b"abc" * 1000, mtime=0)[:-9]), ("a.csv.gz", gzip.compress(b"abc", mtime=0) + b"rest"),
     ("a.zip", b"PK\x05\x06" + b"\0" * 18)],
)  # fmt: skip
def test_damaged_and_empty_archives_are_refused(name, content, tmp_path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RejectedFile) as refused, unpacked(tmp_path / name):
        pass
    assert refused.value.remedy


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_mutated_archive_gives_its_members_or_is_refused(data, tmp_path) -> None:
    good = write_zip(tmp_path / "good.zip", {"a.csv": b"1;2\n" * 50, "b/c.csv": b"3;4\n"}).read_bytes()
    content = bytearray(good)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "mutated.zip"
    path.write_bytes(content[: data.draw(st.integers(4, len(content)))])
    try:
        with unpacked(path, SMALL) as found:
            assert all(member.path.is_relative_to(tempfile.gettempdir()) for member in found)
    except RejectedFile as refused:
        assert refused.remedy


def test_members_are_loaded_as_files_of_their_own(store, contracts, tmp_path) -> None:
    lines = f"{HEADER}\n{payable()}\n".encode()
    other = f"{HEADER}\n{payable(document='NF-2')}\n{payable(document='NF-3', amount='x')}\n".encode()
    path = write_zip(tmp_path / "july.zip", {"payables_1.csv": lines, "sub/payables_2.csv": other, "leia.pdf": b"%PDF"})
    packed = tmp_path / "payables_4.csv.gz"
    packed.write_bytes(gzip.compress(f"{HEADER}\n{payable(document='NF-4')}\n".encode()))
    reports = load_files(store, [path, packed], contracts, batch_id="batch")
    assert [(report.file_name, report.state) for report in reports] == [
        ("july.zip/payables_1.csv", "loaded"), ("july.zip/sub/payables_2.csv", "loaded"),
        ("july.zip/leia.pdf", "rejected"), ("payables_4.csv.gz", "loaded"),
    ]  # fmt: skip
    assert store.execute("select document from erp.payables order by 1").fetchall() == [("NF-1",), ("NF-2",), ("NF-4",)]
