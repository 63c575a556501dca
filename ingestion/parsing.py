"""The rows of a text relation → typed rows and their problems, in SQL written from the contract."""

# ruff: noqa: S608 — SQL is written from contracts; names and texts of files go through name_sql and text_sql.

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ingestion.contracts import Column, Contract, Dialect
from ingestion.currency import COLUMN as CURRENCY
from ingestion.quoting import name_sql, text_sql
from ingestion.values import rules, value_sql

LONGEST_VALUE_SHOWN = 60
SHAPE_REMEDY = "Correct the line (quote texts that hold the delimiter) and load the file again."
BLANK_REMEDY = "Remove the line, or fill it in and load the file again."


@dataclass(frozen=True)
class Parsing:
    """The SQL of one text relation under one contract.

    `columns_present` are the contract columns that the relation has; the others take their default or stay null.
    """

    contract: Contract
    dialect: Dialect
    relation: str
    columns_present: frozenset[str]
    has_problem_column: bool = False
    headers: Mapping[str, str] | None = None
    has_remedy_column: bool = False
    has_file_column: bool = False

    @property
    def carried(self) -> tuple[str, ...]:
        """Columns of the relation that no contract has and that go to quarantine with a row: its currency."""
        return tuple(name for name in (CURRENCY,) if name in (self.headers or {}))

    def found(self, column: Column) -> str:
        """SQL over `typed(raw_line=True)` of a column's text, also of a row whose values are not believed."""
        return f"coalesce(t_{column.name}, r_{column.name})" if self.has_problem_column else f"t_{column.name}"

    def file_id(self, only: int) -> str:
        """SQL of the id of a row's file: its own column in a batch, else `only`."""
        return "_file_id" if self.has_file_column else str(only)

    def header(self, column: Column) -> str:
        """The column as the file's reader knows it: its header there, else the contract's Portuguese one."""
        return (self.headers or {}).get(column.name) or column.header("pt_BR")

    def typed(self, *, raw_line: bool = False) -> str:
        """Select of `_line`, t_<column> (cleaned text) and v_<column> (typed value, null if it cannot be read)."""
        extra = (
            ["_line"]
            + (["_raw_line", *map(name_sql, self.carried), *self._as_found()] if raw_line else [])
            + (["_problem"] if self.has_problem_column else [])
            + self._remedy()
            + self._file()
        )
        texts = ", ".join(f"{self._text(column)} as t_{column.name}" for column in self.contract.columns)
        values = ", ".join(f"{self._value(column)} as v_{column.name}" for column in self.contract.columns)
        return f"select *, {values} from (select {', '.join(extra)}, {texts} from {name_sql(self.relation)}) as texts"

    def is_bad(self) -> str:
        """SQL condition over `typed()`: whether the row has at least one problem."""
        conditions = [rule.condition for column in self.contract.columns for rule in rules(column, self.dialect)]
        if self.has_problem_column:
            conditions.insert(0, "_problem is not null")
        return "(" + " or ".join(conditions) + ")" if conditions else "false"

    def problems(self, typed: str) -> str:
        """Select of `typed`'s columns and (column_name, value, reason, remedy): one row a problem.

        `typed` is a relation with the columns of `typed(raw_line=True)`, of bad rows or of all.

        A row whose shape is broken has that problem alone, for its values may stand under wrong headers; and so has
        a row without any value (`;;;;`).
        """
        shape = "_problem is null and " if self.has_problem_column else ""
        found = []
        blank = self._blank()
        if blank:
            found.append(
                f"case when {shape}{blank} then {{'column_name': null::varchar, 'value': null::varchar, "
                f"'reason': 'has no value in any column', 'remedy': {text_sql(BLANK_REMEDY)}}} end"
            )
            shape += f"not ({blank}) and "
        if self.has_problem_column:
            found.append(
                "case when _problem is not null then {'column_name': null::varchar, 'value': null::varchar, "
                f"'reason': _problem, 'remedy': coalesce({', '.join([*self._remedy(), text_sql(SHAPE_REMEDY)])})}} end"
            )
        for column in self.contract.columns:
            header = self.header(column)
            text = f"t_{column.name}"
            whens = []
            for rule in rules(column, self.dialect):
                shown = (
                    f"case when length({text}) > {LONGEST_VALUE_SHOWN} "
                    f"then left({text}, {LONGEST_VALUE_SHOWN}) || '…' else {text} end"
                )
                quoted = f"""coalesce(' "' || {shown} || '"', '')"""
                whens.append(
                    f"when {shape}{rule.condition} then {{'column_name': {text_sql(column.name)}, 'value': {text}, "
                    f"'reason': {text_sql(header)} || {quoted} || {text_sql(' ' + rule.reason)}, "
                    f"'remedy': {text_sql(rule.remedy)}}}"
                )
            if whens:
                found.append(f"case {' '.join(whens)} end")
        every = ", ".join(found)
        return (
            "select * exclude (problem), problem.column_name, problem.value, problem.reason, problem.remedy from ("
            f"select *, unnest(list_filter([{every}], lambda p: p is not null)) as problem "
            f"from {name_sql(typed)} as parsed) as found"
        )

    def _blank(self) -> str:
        """SQL condition: not one column of the file has a value (those with a default have one always)."""
        names = [each.name for each in self.contract.columns if each.name in self.columns_present and not each.default]
        return " and ".join(f"t_{name} is null" for name in names)

    def _value(self, column: Column) -> str:
        text = f"t_{column.name}"
        value = value_sql(column, text, self.dialect)
        if column.type == "boolean" and not column.required and column.name in self.columns_present:
            # Exports that mark with an x leave the others blank: blank is no, a column that is not there is unknown.
            return f"case when {text} is null then false else {value} end"
        return value

    def key_is_readable(self) -> str:
        """SQL condition over `typed()`: whether the row's key columns are all as the contract wants them."""
        conditions = ["_problem is null"] if self.has_problem_column else []
        for name in self.contract.key:
            column = self.contract.column(name)
            conditions.append(
                f"v_{name} is not null" if column.required else f"(t_{name} is null or v_{name} is not null)"
            )
        return " and ".join(conditions)

    def _as_found(self) -> list[str]:
        names = sorted(self.columns_present) if self.has_problem_column else []
        return [f"{name_sql(name)} as r_{name}" for name in names]

    def _remedy(self) -> list[str]:
        return ["_remedy"] if self.has_remedy_column else []

    def _file(self) -> list[str]:
        return ["_file_id"] if self.has_file_column else []

    def _text(self, column: Column) -> str:
        default = None if column.default is None else text_sql(column.default)
        if column.name not in self.columns_present:
            return f"cast({default or 'null'} as varchar)"
        raw = name_sql(column.name)
        # contains() is a fifth of trim()'s price, and most values hold no space at all.
        clean = f"nullif(case when contains({raw}, ' ') then trim({raw}) else {raw} end, '')"
        text = f"coalesce({clean}, {default})" if default else clean
        # Values of a broken row may stand under the wrong header: none of them is believed.
        return f"case when _problem is null then {text} end" if self.has_problem_column else text
