"""One text → its typed value, and what can be wrong with it, in SQL written from the contract.

Nothing is guessed: a text that is not exactly in the contract's format becomes a problem with its reason and remedy.
Money and numbers go to DECIMAL, never through a float; local timestamps become UTC.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingestion.contracts import Column, Dialect, fold
from ingestion.quoting import text_sql

DECIMALS = {"money": 2, "number": 6, "precise": 10}
WIDTHS = {"money": 18, "number": 18, "precise": 28}
FIRST_YEAR, LAST_YEAR = 1900, 2199
TRUE_WORDS = ("sim", "s", "true", "1", "yes", "y", "x", "verdadeiro")
FALSE_WORDS = ("nao", "n", "false", "0", "no", "falso")
_SHORT_PART = re.compile(r"(?<![a-z])[dmh](?![a-z])")
LARGEST_MONEY = 10**12  # reais; more is a slip of the hand, and its sums would not fit the columns of the models
CORRECT = "Correct the value and load the file again."


@dataclass(frozen=True)
class Rule:
    """A way in which a value can be wrong: `condition` is SQL over t_<column> (text) and v_<column> (value)."""

    condition: str
    reason: str
    remedy: str


def value_sql(column: Column, text: str, dialect: Dialect) -> str:
    """SQL of the column's typed value from the SQL of its cleaned text; null where the text cannot be read."""
    if column.type in DECIMALS:
        return _decimal(text, dialect.decimal, column.type)
    if column.type == "integer":
        return f"case when regexp_full_match({text}, '[+-]?[0-9]{{1,18}}') then try_cast({text} as bigint) end"
    if column.type == "date":
        return f"cast({_moment(text, dialect.date_format)} as date)"
    if column.type == "timestamp":
        local = f"coalesce({_moment(text, dialect.timestamp_format)}, {_without_seconds(text, dialect)})"
        return f"({local} at time zone {text_sql(dialect.timezone)}) at time zone 'UTC'"
    if column.type == "boolean":
        return _boolean(text)
    if column.allowed:
        return _allowed(column, text)
    return text


def rules(column: Column, dialect: Dialect) -> list[Rule]:
    """What can be wrong with the column's value, in the order in which it is told; the first that holds is."""
    text, value = f"t_{column.name}", f"v_{column.name}"
    found: list[Rule] = []
    if column.required:
        found.append(Rule(f"{text} is null", "is empty, and it is required", "Fill it in and load the file again."))
    if column.type != "text" or column.allowed:
        reason, remedy = _unreadable(column, dialect)
        found.append(Rule(f"({text} is not null and {value} is null)", reason, remedy))
    if column.type in ("date", "timestamp"):
        found.append(Rule(f"coalesce(year({value}) not between {FIRST_YEAR} and {LAST_YEAR}, false)",
                          f"is outside the years {FIRST_YEAR} to {LAST_YEAR}", "Correct the year."))  # fmt: skip
    if column.type == "money":
        found.append(Rule(f"coalesce(abs({value}) >= {LARGEST_MONEY}, false)",
                          f"is {LARGEST_MONEY:,} or more", "Correct the amount: is a decimal mark missing?"))  # fmt: skip
    if column.minimum is not None:
        below = f"coalesce({value} < {column.minimum}, false)"
        found.append(Rule(below, f"is below the minimum {column.minimum}", CORRECT))
    if column.maximum is not None:
        above = f"coalesce({value} > {column.maximum}, false)"
        found.append(Rule(above, f"is above the maximum {column.maximum}", CORRECT))
    if column.pattern is not None:
        unlike = f"coalesce(not regexp_full_match({text}, {text_sql(column.pattern)}), false)"
        found.append(Rule(unlike, f"does not have the form {column.pattern}", CORRECT))
    return found


def shown_format(text: str) -> str:
    """A date format as people who write dd/mm/aaaa read it."""
    return text.replace("yyyy", "aaaa").replace("yy", "aa")


def _unreadable(column: Column, dialect: Dialect) -> tuple[str, str]:
    if column.type in DECIMALS:
        example = "1.234,56" if dialect.decimal == "," else "1,234.56"
        what = "an amount" if column.type == "money" else "a number"
        digits = DECIMALS[column.type]
        remedy = f'Write digits, groups of three and at most {digits} decimals after "{dialect.decimal}".'
        return f"is not {what} ({example})", remedy
    if column.type == "integer":
        return "is not a whole number (123)", "Write digits only."
    if column.type == "date":
        shown = shown_format(dialect.date_format)
        return f"is not a date ({shown})", "Correct the date, or state its format in a mapping."
    if column.type == "timestamp":
        shown = shown_format(dialect.timestamp_format)
        return f"is not a date and time ({shown})", "Correct it, or state its format in a mapping."
    if column.type == "boolean":
        return "is neither yes nor no (sim, não)", "Write sim or não, or map the word in a mapping."
    words = ", ".join(synonyms[0] if synonyms else value for value, synonyms in column.allowed.items())
    return f"is not one of {words}", "Correct the value, or map it in a mapping."


def _decimal(text: str, decimal: str, kind: str) -> str:
    places = DECIMALS[kind]
    mark, group = (",", "\\.") if decimal == "," else ("\\.", ",")
    # Zeros after the last decimal that counts say nothing: 10,00000 is ten.
    # A group is never led by a zero: 0.750 is a fraction in another dialect, and not 750.
    digits = f"(?:[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+|[0-9]+)(?:{mark}[0-9]{{1,{places}}}0*)?"
    plain = f"replace(replace({text}, '.', ''), ',', '.')" if decimal == "," else f"replace({text}, ',', '')"
    target = f"decimal({WIDTHS[kind]},{places})"
    # Signs and currency as banks and ERPs write them; rare, so looked at only when the plain form does not match.
    currency = "(?:R\\$)?[\\s\\x{00A0}]*"
    signed = "|".join(
        (
            f"[+]?{currency}{digits}",
            f"[-−][\\s]*{currency}{digits}",
            f"R\\$[\\s\\x{{00A0}}]*[-−]{digits}",
            f"{currency}{digits}[-−]",
            f"\\({currency}{digits}\\)",
        )
    )
    # Only digits and the decimal mark are left: the form was checked before.
    bare = f"replace(regexp_replace({text}, '[^0-9{decimal}]', '', 'g'), ',', '.')"
    negative = f"case when regexp_matches({text}, '[-−(]') then '-' else '' end"
    return (
        f"case when regexp_full_match({text}, '-?{digits}') then try_cast({plain} as {target}) "
        f"when regexp_full_match({text}, '{signed}') then try_cast({negative} || {bare} as {target}) end"
    )


def _moment(text: str, form: str) -> str:
    # strptime reads 1/7/26 in the year 26 as well: the length keeps to the form, or its digits where it has no length.
    of_form = f"length({text}) = {len(form)}"
    if _SHORT_PART.search(form):
        of_form = f"regexp_full_match({text}, {text_sql(_digits(form))})"
    return f"case when {of_form} then try_strptime({text}, {text_sql(strptime_form(form))}) end"


def _digits(form: str) -> str:
    """A regular expression of the texts that are as long as the form says: d, m and h are one digit or two."""
    widths = {"yyyy": "{4}", "d": "{1,2}", "m": "{1,2}", "h": "{1,2}"}
    parts = re.split(r"(yyyy|yy|dd|mm|hh|ss|[dmh])", form)
    return "".join(
        f"[0-9]{widths.get(part, '{2}')}" if place % 2 else re.escape(part) for place, part in enumerate(parts)
    )


def _without_seconds(text: str, dialect: Dialect) -> str:
    short = re.sub(r"[:.]?ss$", "", dialect.timestamp_format)
    return _moment(text, short) if short != dialect.timestamp_format else "null"


def strptime_form(form: str) -> str:
    """A date format (dd/mm/yyyy hh:mm:ss) as strptime and strftime write it; `mm` after hours are minutes.

    Strptime reads one digit as well as two, so d, m and h are as dd, mm and hh.
    """
    result, hours_seen, position = "", False, 0
    parts = {"yyyy": "%Y", "yy": "%y", "dd": "%d", "hh": "%H", "ss": "%S", "d": "%d", "h": "%H"}
    while position < len(form):
        for part, code in parts.items():
            if form.startswith(part, position):
                result, position = result + code, position + len(part)
                hours_seen = hours_seen or code == "%H"
                break
        else:
            width = 2 if form.startswith("mm", position) else 1
            if form[position] == "m":
                result += "%M" if hours_seen else "%m"
            else:
                result += form[position].replace("%", "%%")
            position += width
    return result


def _allowed(column: Column, text: str) -> str:
    exact: dict[str, str] = {}
    folded: dict[str, str] = {}
    for value, synonyms in column.allowed.items():
        for word in (value, *synonyms):
            exact.setdefault(word, value)
            folded.setdefault(fold(word), value)
    whens = " ".join(f"when {text_sql(word)} then {text_sql(value)}" for word, value in exact.items())
    slow = " ".join(f"when {text_sql(word)} then {text_sql(value)}" for word, value in folded.items())
    return (
        f"case {text} {whens} else "
        f"case trim(regexp_replace(lower(strip_accents({text})), '[\\s_]+', ' ', 'g')) {slow} end end"
    )


def _boolean(text: str) -> str:
    # The words as they are mostly written come first: folding costs ten times as much as comparing. Each is compared
    # for itself, for DuckDB makes a join of a list, and asks it of every row.
    words = dict.fromkeys(TRUE_WORDS, "true") | dict.fromkeys(FALSE_WORDS, "false")
    whens = " ".join(f"when {text_sql(word)} then {value}" for word, value in words.items())
    return f"case {text} when 'não' then false {whens} else case lower(strip_accents({text})) {whens} end end"
