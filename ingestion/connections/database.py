"""An ERP's database, read by SQL: one snapshot, read-only, in batches, only what is new."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ingestion.connections.connection import ConnectionFault, Database, DatabaseTable
from ingestion.connections.extracts import WaterMark, less_overlap

if TYPE_CHECKING:
    import sqlalchemy


@contextmanager
def connected(database: Database) -> Iterator[sqlalchemy.Connection]:
    """A connection that cannot write: a read-only transaction with one snapshot for all tables, where the engine can.

    PostgreSQL is told so by the transaction; other engines need a user with no right to write, and their transaction
    is rolled back at the end in any case. Raises ConnectionFault, without the password, where it cannot be opened.
    """
    import sqlalchemy
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError

    address = make_url(database.url)
    if database.password is not None:
        address = address.set(password=database.password.reveal())
    try:
        engine = sqlalchemy.create_engine(address, poolclass=sqlalchemy.NullPool, hide_parameters=True)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise ConnectionFault(
            f"{database.path}: there is no driver for {address.drivername}. Install it into the environment, "
            "for example psycopg (PostgreSQL), pyodbc (SQL Server), oracledb (Oracle)."
        ) from error
    shown = address.render_as_string(hide_password=True)
    options: dict[str, Any] = {}
    if address.get_backend_name() == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    try:
        try:
            connection = engine.connect().execution_options(stream_results=True, **options)
        except SQLAlchemyError as error:
            raise ConnectionFault(f"{database.path}: {shown} cannot be opened: {_reason(error)}") from error
        with connection:
            yield connection
            connection.rollback()
    finally:
        engine.dispose()


def batches(
    connection: sqlalchemy.Connection, database: Database, table: DatabaseTable, mark: WaterMark | None
) -> Iterator[list[dict[str, Any]]]:
    """The query's rows from the mark (less the overlap) on, oldest first; rows without a mark always come along.

    Raises ConnectionFault, naming the table, for a query that the database refuses, and for two columns of one name.
    """
    import sqlalchemy
    from sqlalchemy.exc import SQLAlchemyError

    statement: Any = sqlalchemy.text(table.query)
    if table.high_water is not None:
        column: sqlalchemy.ColumnClause[Any] = sqlalchemy.column(table.high_water)
        extract = statement.columns(column).subquery("extract")
        statement = sqlalchemy.select(sqlalchemy.text("*")).select_from(extract).order_by(column)
        if mark is not None:
            since = sqlalchemy.bindparam("since", less_overlap(mark, table.overlap))
            statement = statement.where(sqlalchemy.or_(column >= since, column.is_(None)))
    try:
        result = connection.execute(statement)
        names = list(result.keys())
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ConnectionFault(
                f"{database.path}: {table.table}: the query has two columns named {', '.join(twice)}."
            )
        for rows in result.partitions(database.batch_rows):
            yield [dict(zip(names, row, strict=True)) for row in rows]
    except SQLAlchemyError as error:
        raise ConnectionFault(f"{database.path}: {table.table}: the database answers: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    # The driver's own words, without the statement and its parameters, in one line.
    return " ".join(str(getattr(error, "orig", None) or error).split())
