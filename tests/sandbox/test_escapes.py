"""Every way out of the sandbox that DuckDB's documentation, function list and source name. None may lead anywhere.

A statement has *escaped* when it ends with an answer that holds the secret of a file, a variable of the environment or
another process, when a file has appeared or changed, or when a limit has been lifted.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
from pathlib import Path

import duckdb
import polars as pl
import pytest

from sandbox.limits import Limits, Refused, TooLarge, TooSlow, Unanswered
from sandbox.process import ask_once

SECRET = "the-secret-of-another-file"
QUICK = Limits(seconds=60, memory_mebibytes=512, threads=2)


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of every kind that DuckDB reads, beside the published file, each with the secret in it."""
    folder = tmp_path_factory.mktemp("outside")
    with (folder / "file.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["word"], [SECRET]])
    (folder / "file.txt").write_text(SECRET)
    (folder / "file.json").write_text(json.dumps([{"word": SECRET}]))
    pl.DataFrame({"word": [SECRET]}).write_parquet(folder / "file.parquet")
    with duckdb.connect(str(folder / "other.duckdb")) as connection:
        connection.execute(f"create table words as select '{SECRET}' as word")
    with duckdb.connect(str(folder / "published.duckdb")) as connection:
        # What a build leaves behind: dropped, but still in the free blocks of the file.
        connection.execute(f"create table staging as select '{SECRET}' || range as word from range(5000)")
        connection.execute("checkpoint")
        connection.execute("drop table staging")
        connection.execute("create table words as select 'published' as word")
    (folder / "dump").mkdir()
    (folder / "dump" / "schema.sql").write_text("create table words (word varchar);")
    (folder / "dump" / "load.sql").write_text(f"copy words from '{folder}/file.csv' (header)")
    return folder


READERS = [
    "select * from read_csv('{f}/file.csv')",
    "select * from read_csv_auto('{f}/file.csv')",
    "select * from read_single_csv_file('{f}/file.csv')",
    "select * from sniff_csv('{f}/file.csv')",
    "select * from read_json('{f}/file.json')",
    "select * from read_json_auto('{f}/file.json')",
    "select * from read_json_objects('{f}/file.json')",
    "select * from read_json_objects_auto('{f}/file.json')",
    "select * from read_ndjson('{f}/file.json')",
    "select * from read_ndjson_auto('{f}/file.json')",
    "select * from read_ndjson_objects('{f}/file.json')",
    "select * from read_single_json_file('{f}/file.json')",
    "select * from read_parquet('{f}/file.parquet')",
    "select * from parquet_scan('{f}/file.parquet')",
    "select * from read_single_parquet_file('{f}/file.parquet')",
    "select * from parquet_metadata('{f}/file.parquet')",
    "select * from parquet_schema('{f}/file.parquet')",
    "select * from parquet_file_metadata('{f}/file.parquet')",
    "select * from parquet_full_metadata('{f}/file.parquet')",
    "select * from parquet_kv_metadata('{f}/file.parquet')",
    "select * from parquet_bloom_probe('{f}/file.parquet', 'word', 'x')",
    "select * from read_text('{f}/file.txt')",
    "select * from read_text('{f}/published.duckdb')",
    "select * from read_blob('{f}/published.duckdb')",
    "select * from read_text('{f}/published.duckdb.wal')",
    "select * from read_duckdb('{f}/other.duckdb', table_name = 'words')",
    "select * from read_duckdb('{f}/published.duckdb', table_name = 'words')",
    "select * from read_text('/proc/self/environ')",
    "select * from read_text('/proc/self/cmdline')",
    "select * from read_text('/dev/stdin')",
    "select * from read_blob('/dev/fd/3')",
    "select * from read_text('file:{f}/file.txt')",
    "select * from read_text('file://{f}/file.txt')",
    "select * from read_text(['{f}/file.txt'])",
    "select * from read_text('{f}/../' || 'x/../file.txt')",
    "select * from read_text('{f}/published.duckdb/../file.txt')",
    "select * from glob('{f}/*')",
    "select * from glob('/**')",
    "select * from '{f}/file.csv'",
    "select * from '{f}/*.csv'",
    "select * from '{f}/file.parquet'",
    "select * from '{f}/file.json'",
    "select * from '{f}/other.duckdb'",
    'select * from "{f}/file.csv"',
    "from '{f}/file.csv'",
    "describe select * from '{f}/file.csv'",
    "summarize '{f}/file.csv'",
    "select * from query('select * from read_text(''{f}/file.txt'')')",
    "select * from query('from ''{f}/file.csv''')",
    "select * from query_table('{f}/file.csv')",
    "select * from query_table(['{f}/file.csv', '{f}/file.parquet'])",
    "select * from json_execute_serialized_sql(json_serialize_sql('select * from read_text(''{f}/file.txt'')'))",
    "explain analyze select * from read_text('{f}/file.txt')",
    "select (select content from read_text('{f}/file.txt'))",
    "with x as materialized (select * from read_text('{f}/file.txt')) select * from x",
    "select * from range(1) join lateral (select * from read_text('{f}/file.txt')) on true",
    "select * from pandas_scan(1)",
    "select * from arrow_scan(1, 2, 3)",
    "select * from arrow_scan_dumb(1, 2, 3)",
    "select * from python_arrow_scan(1, 2, 3)",
    "select * from python_map_function(1)",
    "select * from seq_scan('{f}/file.csv')",
]
WRITERS = [
    "copy (select 1) to '{f}/new.csv'",
    "copy words to '{f}/new.parquet' (format parquet)",
    "copy words from '{f}/file.csv'",
    "copy from database published to memory",
    "with x as (copy (select 1) to '{f}/new.csv') select 1",
    "with x as (copy (select 1) to '{f}/new.csv') select * from x",
    "with x as (copy (select 1) to '{f}/new.json' (format json)) from x",
    "with x as (insert into words values ('x') returning *) select * from x",
    "explain analyze copy (select 1) to '{f}/new.csv'",
    "explain analyze insert into words values ('x')",
    "export database '{f}/new'",
    "import database '{f}/dump'",
    "select * from import_database('{f}/dump')",
    "select * from copy_database('published', 'memory')",
    "attach '{f}/other.duckdb' as other",
    "attach '{f}/other.duckdb' as other (read_only)",
    "attach '{f}/published.duckdb' as again",
    "attach ':memory:' as free",
    "attach 'https://example.com/x.duckdb' as other",
    "attach 'dbname=postgres' as other (type postgres)",
    "attach '{f}/other.sqlite' as other (type sqlite)",
    "detach published",
    "use memory",
    "create table mine as select 1",
    "create temp table mine as select 1",
    "create or replace view words as select 1",
    "create macro words() as table select 1",
    "create temp macro reads(path) as table select * from read_text(path)",
    "create schema mine",
    "create sequence mine",
    "create type mine as enum ('a')",
    "create index mine on words (word)",
    "create secret mine (type s3)",
    "create persistent secret mine (type http, bearer_token 'x')",
    "drop secret mine",
    "insert into words values ('x')",
    "update words set word = 'x'",
    "delete from words",
    "truncate words",
    "drop table words",
    "alter table words add column more int",
    "comment on table words is 'x'",
    "merge into words using (select 1 as one) on true when matched then delete",
    "vacuum",
    "vacuum full words",
    "analyze",
    "checkpoint",
    "force checkpoint",
    "begin",
    "commit",
    "prepare mine as select 1",
    "execute mine",
    "deallocate mine",
    "set variable mine = (select content from read_text('{f}/file.txt'))",
    "select * from write_log('x') as t",
]
EXTENSIONS = [
    "install httpfs",
    "install httpfs from community",
    "install '{f}/evil.duckdb_extension'",
    "force install spatial",
    "load httpfs",
    "load '{f}/evil.duckdb_extension'",
    "update extensions",
    "select * from read_csv('https://example.com/x.csv')",
    "select * from read_parquet('s3://bucket/x.parquet')",
    "select * from read_text('http://127.0.0.1:1/x')",
    "select * from 'https://example.com/x.csv'",
    "select * from read_parquet('hf://datasets/x/y.parquet')",
    "select * from read_text('gs://bucket/x')",
    "select * from st_read('{f}/file.csv')",
    "select * from read_xlsx('{f}/file.xlsx')",
    "select * from sqlite_scan('{f}/x.sqlite', 'x')",
    "select * from postgres_scan('dbname=x', 'public', 'x')",
    "select * from postgres_query('x', 'select 1')",
    "select * from mysql_scan('', '', '')",
    "select * from iceberg_scan('{f}')",
    "select * from delta_scan('{f}')",
    "select * from load_aws_credentials()",
    "select * from register_external_resource('x')",
    "select * from create_external_resource('x')",
]
SETTERS = [
    "set enable_external_access = true",
    "reset enable_external_access",
    "set global enable_external_access = true",
    "set session enable_external_access = true",
    "set disabled_filesystems = ''",
    "reset disabled_filesystems",
    "set lock_configuration = false",
    "reset lock_configuration",
    "set memory_limit = '100GB'",
    "set max_memory = '100GB'",
    "reset memory_limit",
    "set threads = 64",
    "set worker_threads = 64",
    "reset threads",
    "pragma threads = 64",
    "pragma memory_limit = '100GB'",
    "set temp_directory = '{f}'",
    "set secret_directory = '{f}'",
    "set home_directory = '{f}'",
    "set extension_directory = '{f}'",
    "set custom_extension_repository = 'http://127.0.0.1:1'",
    "set autoload_known_extensions = true",
    "set autoinstall_known_extensions = true",
    "set allow_community_extensions = true",
    "set allow_unsigned_extensions = true",
    "set allow_persistent_secrets = true",
    "set python_enable_replacements = true",
    "set python_scan_all_frames = true",
    "set allowed_paths = ['{f}/file.txt']",
    "set allowed_directories = ['{f}']",
    "set log_query_path = '{f}/new.log'",
    "set profiling_output = '{f}/new.json'",
    "set enable_profiling = 'json'",
    "pragma enable_profiling",
    "pragma enable_logging",
    "call enable_logging(storage = 'file', storage_path = '{f}/new')",
    "call disable_logging()",
    "pragma enable_verification",
    "pragma database_list",
    "call pragma_version()",
    "set search_path = 'x'",
    "set schema = 'x'",
]
STRANGERS = [
    "select getenv('SECRET_OF_THE_SERVER')",
    "select * from frame",
    "select * from request",
    "select * from settings",
    "select system('id')",
    "select shell('id')",
    "select readfile('{f}/file.txt')",
    "select load_file('{f}/file.txt')",
    "select writefile('{f}/new.txt', 'x')",
    "select pg_read_file('{f}/file.txt')",
    "select pg_ls_dir('/')",
    "select lo_import('{f}/file.txt')",
    "select * from dblink('x')",
    "select 1; select 2",
    "select 1; copy (select 1) to '{f}/new.csv'",
    "",
    ";",
    "-- nothing",
    ".read {f}/file.txt",
    ".shell id",
]


def fingerprint(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("statement", [*READERS, *WRITERS, *EXTENSIONS, *SETTERS, *STRANGERS])
def test_no_statement_leads_out(statement: str, outside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_SERVER", SECRET)
    monkeypatch.chdir(outside)
    before = fingerprint(outside)
    try:
        answer = ask_once(outside / "published.duckdb", statement.replace("{f}", str(outside)), QUICK)
    except Refused:
        pass
    else:
        pytest.fail(f"answered: {answer.frame}")
    assert fingerprint(outside) == before


def ask(outside: Path, statement: str) -> pl.DataFrame:
    return ask_once(outside / "published.duckdb", statement, QUICK).frame


def test_the_files_are_there_to_be_read_without_a_sandbox(outside: Path) -> None:
    """Else the escapes would fail for the wrong reason."""
    raw = (outside / "published.duckdb").read_bytes()
    assert SECRET.encode() in raw, "the dropped table is still in the file"
    connection = duckdb.connect()
    for name in ("file.csv", "file.json", "file.parquet"):
        rows = connection.execute(f"select * from '{outside / name}'").fetchall()
        assert rows == [(SECRET,)]


@pytest.mark.parametrize(
    "statement",
    [
        "select * from words",
        "from words",
        "with x as (select * from words) select * from x",
        "describe words",
        "summarize words",
        "show tables",
        "explain select * from words",
        "values (1), (2)",
        "select * from query('from words')",
        "select * from query_table('words')",
        "pivot words on word in ('published') using count(*)",
    ],
)
def test_questions_are_answered(outside: Path, statement: str) -> None:
    assert ask(outside, statement).height > 0


@pytest.mark.parametrize(
    "statement",
    [
        "select * from duckdb_settings()",
        "select * from duckdb_databases()",
        "select * from duckdb_variables()",
        "select * from which_secret('s3://x', 's3')",
        "select * from duckdb_secrets()",
        "select * from duckdb_extensions()",
        "select * from duckdb_temporary_files()",
        "select * from duckdb_external_file_cache()",
        "select * from duckdb_logs()",
        "select * from pragma_storage_info('words')",
        "select * from pragma_metadata_info()",
        "select * from information_schema.tables",
        "select current_setting('secret_directory'), current_setting('home_directory'), current_setting('temp_directory')",
    ],
)
def test_what_duckdb_tells_of_itself_holds_nothing_of_the_server(
    outside: Path, statement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the path of the published file itself is known to whoever may read it."""
    monkeypatch.setenv("SECRET_OF_THE_SERVER", SECRET)
    try:
        told = str(ask(outside, statement).to_dicts())
    except Refused as refused:
        told = str(refused)
    assert SECRET not in told
    assert os.environ["HOME"] + "/" not in told.replace(str(outside), "")
    assert str(Path(__file__).parents[2]) not in told


def test_the_settings_are_those_of_the_sandbox(outside: Path) -> None:
    rows = dict(ask(outside, "select name, value from duckdb_settings()").iter_rows())
    expected = {
        "enable_external_access": "false",
        "lock_configuration": "true",
        "autoload_known_extensions": "false",
        "autoinstall_known_extensions": "false",
        "allow_community_extensions": "false",
        "allow_unsigned_extensions": "false",
        "python_enable_replacements": "false",
        "allow_persistent_secrets": "false",
        "temp_directory": "",
        "threads": "2",
        "memory_limit": "512.0 MiB",
    }
    assert {name: rows[name] for name in expected} == expected


BOMBS = {
    "repeat": "select length(repeat('x', 8000000000))",
    "repeat of repeats": "select repeat(repeat('x', 100000), 100000)",
    "list_reduce": "select length(list_reduce(range(40), lambda a, b: a || a, repeat('x', 100)))".replace(
        "range(40)", "list_transform(range(40), lambda i: 'x')"
    ),
    "range": "select count(*) from range(100000000000) a, range(100000000000) b",
    "list of range": "select len(range(10000000000))",
    "list_resize": "select len(list_resize([1], 10000000000, 0))",
    "lpad": "select length(lpad('x', 2000000000, 'y'))",
    "string_agg": "select length(string_agg(repeat('x', 1000000), ',')) from range(100000)",
    "list": "select len(list(range)) from range(10000000000)",
    "histogram": "select histogram(range) from range(1000000000)",
    "recursive": "with recursive t(i, s) as (select 1, 'x' union all select i + 1, s || s from t) select max(i) from t",
    "recursive rows": "with recursive t(i) as (select 1 union all select i + 1 from t, range(10)) select count(*) from t",
    "cross join": "select a.range, b.range from range(1000000) a, range(1000000) b order by 1, 2",
    "hash join": "select count(*) from (select unnest(range(300000000)) x) a join (select unnest(range(300000000)) x) b using (x)",
    "deep brackets": "select " + "(" * 200_000 + "1" + ")" * 200_000,
    "deep sum": "select " + "+".join(["1"] * 300_000),
    "long answer": "select repeat('x', 1000000) from range(200)",
    "printf": "select printf('%2000000000d', 1)",
    "format": "select format('{:>2000000000}', 1)",
    "map": "select map(range(500000000), range(500000000))",
    "generate_subscripts": "select sum(x) from (select unnest(generate_series(1, 100000000000)) as x)",
    "bitstring": "select bitstring('1', 2000000000)::varchar",
}


@pytest.mark.parametrize("statement", BOMBS.values(), ids=BOMBS)
def test_a_bomb_kills_only_the_child(outside: Path, statement: str) -> None:
    limits = Limits(seconds=6, memory_mebibytes=256, threads=1, rows=1000, answer_mebibytes=32)
    with pytest.raises((TooSlow, TooLarge, Refused)):
        ask_once(outside / "published.duckdb", statement, limits)


def test_a_cut_answer_says_so(outside: Path) -> None:
    path = outside / "published.duckdb"
    cut = ask_once(path, "select * from range(1000)", Limits(rows=10))
    assert (cut.frame.height, cut.is_cut) == (10, True)
    whole = ask_once(path, "select * from range(10)", Limits(rows=10))
    assert (whole.frame.height, whole.is_cut) == (10, False)


def test_an_escape_is_told_as_what_it_is(outside: Path) -> None:
    with pytest.raises(Unanswered, match="disabled"):
        ask(outside, f"select * from read_text('{outside}/published.duckdb')")
    with pytest.raises(Unanswered, match="COPY is not a question"):
        ask(outside, "copy (select 1) to 'x.csv'")
