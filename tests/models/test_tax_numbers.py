"""Check digits of CNPJ and CPF in SQL, against validate-docbr: published numbers, random ones, and broken ones."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from validate_docbr import CNPJ, CPF

from pipeline.dbt_process import target_folder
from pipeline.settings import DataFolder

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
Judge = Callable[[list[str]], list[tuple[bool, bool]]]


@pytest.fixture(scope="module")
def judge(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """The macros as SQL, compiled once by dbt: texts in, (is a CNPJ, is a CPF) out, in the same order."""
    folder = tmp_path_factory.mktemp("tax_numbers")
    duckdb.connect(str(folder / "raw.duckdb")).close()
    # dbt goes on from the project as the sample's build parsed it; the names of the databases are part of that.
    (folder / "target").mkdir()
    shutil.copy(target_folder(DataFolder(demo_data)) / "partial_parse.msgpack", folder / "target")
    inline = (
        "select position, {{ is_valid_cnpj('number') }}, {{ is_valid_cpf('number') }} "
        "from (select position, {{ tax_number('number') }} as number from numbers)"
    )
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("dbt")), "-q", "compile", "--inline", inline, "--project-dir", str(ROOT),
            "--profiles-dir", str(ROOT), "--target-path", str(folder / "target"), "--log-path", str(folder / "logs"),
        ],
        cwd=folder,
        env=os.environ | {"RETAGUARDA_RAW": "raw.duckdb", "RETAGUARDA_BUILD": "building.duckdb"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    statement = done.stdout[done.stdout.index("select position") :]

    def judged(numbers: list[str]) -> list[tuple[bool, bool]]:
        connection = duckdb.connect()
        connection.execute("create table numbers (position integer, number varchar)")
        connection.executemany("insert into numbers values (?, ?)", list(enumerate(numbers)))
        rows = connection.execute(statement).fetchall()
        connection.close()
        return [(is_cnpj, is_cpf) for _, is_cnpj, is_cpf in sorted(rows)]

    return judged


def test_letters_count_their_code_less_48(judge: Judge) -> None:
    """A is 17 and B is 18: the example that the tax authority publishes, in any writing, and its neighbours."""
    assert (ord("A") - 48, ord("B") - 48) == (17, 18)
    numbers = ["12.ABC.345/01DE-35", "12abc34501de35", "12.ABC.345/01DE-53", "12.ABD.345/01DE-35", "12.ABC.345/01DE-3A"]
    assert [is_cnpj for is_cnpj, _ in judge(numbers)] == [True, True, False, False, False]


def test_random_numbers_agree_with_the_library(judge: Judge) -> None:
    """Good ones of both kinds, and each of them again with one character changed."""
    draw = random.Random(20261125)
    good = [CNPJ().generate() for _ in range(300)] + [CPF().generate() for _ in range(300)]
    good += [alphanumeric(draw) for _ in range(300)]
    broken = [changed(number, draw) for number in good]
    numbers = [*good, *broken]
    expected = [(CNPJ().validate(number), CPF().validate(number)) for number in numbers]
    assert judge(numbers) == expected
    assert sum(cnpj or cpf for cnpj, cpf in expected[: len(good)]) == len(good)
    assert not any(cnpj or cpf for cnpj, cpf in expected[len(good) :])


def test_what_is_no_number_is_refused(judge: Judge) -> None:
    numbers = [
        "",
        "0",
        "00000000000000",
        "11111111111",
        "111.444.777-3",
        "ÁBC",
        "12.ABC.345/01DE-355",
        "AAAAAAAAAAAAAA",
    ]
    assert judge(numbers) == [(False, False)] * len(numbers)


def alphanumeric(draw: random.Random) -> str:
    """A CNPJ with letters; its two check digits are counted here by the rule, one character after another."""
    body = "".join(draw.choice(LETTERS + "0123456789") for _ in range(12))
    for weights in ((5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2), (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)):
        rest = sum((ord(mark) - 48) * weight for mark, weight in zip(body, weights, strict=True)) % 11
        body += "0" if rest < 2 else str(11 - rest)
    return body


def changed(number: str, draw: random.Random) -> str:
    """The number with its last check digit changed: always wrong."""
    return number[:-1] + str((int(number[-1]) + draw.randint(1, 9)) % 10)
