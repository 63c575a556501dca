"""Numbers, money, dates and periods in the reader's language (Babel), always with their unit.

Every function takes plain Python values and returns text; a missing value is an en dash, never zero.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import polars as pl
from babel.dates import format_date, format_datetime, format_time, get_quarter_names
from babel.numbers import format_compact_currency, format_currency, format_decimal
from polars import selectors

from dashboard.language import _, active, plural
from dashboard.published import TIMEZONE

MISSING = "–"
SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


def markdown(text: str) -> str:
    """Escape what Markdown would take for a sign: the dollar of `R$` opens a formula, brackets a link.

    Bare addresses become links whatever is escaped; an invisible joiner after `://`, `www` and `@` keeps them text.
    """
    escaped = re.sub(r"[\\$\[\]*_~`:<>#|&]", r"\\\g<0>", text)
    return re.sub(r"(?<=//)|(?<=www)(?=\.)|(?<=@)", "\N{WORD JOINER}", escaped, flags=re.IGNORECASE)


def number(value: float | None, decimals: int = 0, *, signed: bool = False) -> str:
    """`1.234,5` or `1,234.5`; with a true minus sign and, if wished, a plus."""
    if value is None:
        return MISSING
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    text = format_decimal(abs(value), pattern, locale=active())
    is_zero = not any(digit in "123456789" for digit in text)
    if value < 0 and not is_zero:
        return MINUS + text
    return ("+" if signed and not is_zero else "") + text


def percent(value: float | None, decimals: int = 1, *, signed: bool = False) -> str:
    """A fraction as `12,3 %` (pt-BR, with a no-break space) or `12.3%` (English)."""
    if value is None:
        return MISSING
    return number(value * 100, decimals, signed=signed) + (f"{SPACE}%" if active() == "pt_BR" else "%")


def percentage_points(value: float | None, decimals: int = 1) -> str:
    """A difference of two fractions, in percentage points: `+1,2 p.p.`."""
    return MISSING if value is None else number(value * 100, decimals, signed=True) + SPACE + _("pp")


def money(value: float | None, decimals: int = 2, *, signed: bool = False) -> str:
    """`R$ 1.234,56`; English `R$1,234.56`."""
    if value is None:
        return MISSING
    digits = "#,##0" + ("." + "0" * decimals if decimals else "")
    pattern = f"¤{SPACE}{digits}" if active() == "pt_BR" else f"¤{digits}"
    text = format_currency(abs(value), "BRL", pattern, locale=active(), currency_digits=False)
    return (MINUS if value < 0 else "+" if signed and value else "") + text


def money_compact(value: float | None, *, signed: bool = False, is_tick: bool = False) -> str:
    """`R$ 1,25 mi`, `R$ 310 mil`; English `R$1.25M`: three figures are enough to compare, but not for a tick of an axis."""
    if value is None:
        return MISSING
    size = abs(value)
    if size < 1000:  # Babel would write every digit of a float that it need not shorten
        return money(value, 0 if float(round(size, 2)).is_integer() else 2, signed=signed)
    scaled = next((size / step for step in (1e9, 1e6, 1e3) if size >= step), size)
    text = format_compact_currency(
        size, "BRL", locale=active(), fraction_digits=3 if is_tick else 2 if scaled < 10 else 1 if scaled < 100 else 0
    )
    return (MINUS if value < 0 else "+" if signed and value else "") + text.replace(" ", SPACE)


def quantity(value: float | None, unit: str, decimals: int = 0, *, compact: bool = False, signed: bool = False) -> str:
    """A KPI's value with its unit. Percents are fractions. `compact` shortens money and hours for narrow places."""
    if value is None:
        return MISSING
    if unit == "percent":
        return percent(value, decimals, signed=signed)
    if unit == "brl":
        return money_compact(value, signed=signed) if compact else money(value, decimals, signed=signed)
    text = number(value, decimals, signed=signed)
    suffix = unit_suffix(unit, value, compact=compact)
    return f"{text}{SPACE}{suffix}" if suffix else text


def tick(value: float, ticks: Sequence[float], unit: str, *, is_bare: bool = False) -> str:
    """The word of a tick of an axis, not rounded: as many decimals as its neighbours need. `is_bare` leaves out `dias`."""
    if unit == "brl":
        return money_compact(value, is_tick=True)
    scale = 100 if unit == "percent" else 1
    decimals = next(
        (few for few in range(3) if all(math.isclose(round(one * scale, few), one * scale, abs_tol=1e-9) for one in ticks)), 3
    )  # fmt: skip
    return quantity(value, "ratio" if is_bare and unit != "percent" else unit, decimals, compact=True)


def unit_suffix(unit: str, value: float = 2, *, compact: bool = False) -> str:
    """The word after a number: `dias`, `h úteis`, `meses`, `pontos`; nothing for counts, ratios, money and percents."""
    match unit:
        case "days":
            return _("d") if compact else plural("day", "days", value)
        case "business_hours":
            return _("bus. h") if compact else plural("business hour", "business hours", value)
        case "business_days":
            return _("bus. d") if compact else plural("business day", "business days", value)
        case "hours":
            return _("h") if compact else plural("hour", "hours", value)
        case "months":
            return plural("month", "months", value)  # "m" would be metres
        case "points":
            return _("pts") if compact else plural("point", "points", value)
        case _other:
            return ""


def difference(value: float | None, unit: str, decimals: int = 0, *, compact: bool = True) -> str:
    """A change of a KPI's value, signed; percents change by percentage points."""
    if unit == "percent":
        return percentage_points(value, decimals)
    return quantity(value, unit, decimals, compact=compact, signed=True)


def interval(low: float | None, high: float | None, unit: str, decimals: int = 0) -> str:
    """`58,1–65,9 %`: the bounds of an interval with the unit once; empty when there is none."""
    if low is None or high is None:
        return ""
    joiner = f"{SPACE}{_('to')}{SPACE}"
    if unit == "percent":
        sign = f"{SPACE}%" if active() == "pt_BR" else "%"
        return number(low * 100, decimals) + joiner + number(high * 100, decimals) + sign
    if unit == "brl":
        return money_compact(low) + joiner + money_compact(high)
    return number(low, decimals) + joiner + number(high, decimals)


def day(value: date | None) -> str:
    """`20/11/2026`; English `20 Nov 2026`, which cannot be misread."""
    if value is None:
        return MISSING
    return format_date(value, "dd/MM/yyyy" if active() == "pt_BR" else "d MMM yyyy", locale=active())


def moment(value: datetime | None) -> str:
    """Date and time of day of a UTC instant, in the company's time zone: `20/11/2026, 06:12`."""
    if value is None:
        return MISSING
    local = _local(value)
    pattern = "dd/MM/yyyy, HH:mm" if active() == "pt_BR" else "d MMM yyyy, HH:mm"
    return format_datetime(local, pattern, locale=active())


def clock(value: datetime) -> str:
    """Time of day of a UTC instant, in the company's time zone: `06:12`."""
    return format_time(_local(value), "HH:mm", locale=active())


def elapsed(seconds: float) -> str:
    """How long something took: `12 s`, `2 min 03 s`, `1 h 05 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole}{SPACE}s"
    if whole < 3600:
        return f"{whole // 60}{SPACE}min {whole % 60:02d}{SPACE}s"
    return f"{whole // 3600}{SPACE}h {whole % 3600 // 60:02d}{SPACE}min"


def local_day(value: datetime) -> date:
    """The company's calendar day of a UTC instant."""
    return _local(value).date()


def _local(value: datetime) -> datetime:
    aware = value if value.tzinfo else value.replace(tzinfo=ZoneInfo("UTC"))
    return aware.astimezone(TIMEZONE)


def local_times(table: pl.DataFrame) -> pl.DataFrame:
    """The table with its instants (naive, UTC) as the wall clock of the company's time zone (naive)."""
    instants = selectors.datetime(time_zone=None)
    local = instants.dt.replace_time_zone("UTC").dt.convert_time_zone(TIMEZONE.key).dt.replace_time_zone(None)
    return table.with_columns(local)


def period(start: date, grain: str) -> str:
    """The name of a period: `sem. 46/2026`, `nov. 2026`, `4º tri. 2026`, `2026`."""
    match grain:
        case "day":
            return day(start)
        case "week":
            iso = start.isocalendar()
            return f"{_('wk')}{SPACE}{iso.week:02d}/{iso.year}"
        case "month":
            return format_date(start, "MMM yyyy", locale=active()).replace(" de ", " ")
        case "quarter":
            name = get_quarter_names("abbreviated", locale=active())[(start.month - 1) // 3 + 1]
            return f"{name} {start.year}"
        case _other:
            return str(start.year)


def period_short(start: date, grain: str) -> str:
    """A period's name in two short lines, for the axis of a chart: the period, below it the year."""
    match grain:
        case "week":
            return f"{_('wk')}{SPACE}{start.isocalendar().week:02d}<br>{start.isocalendar().year}"
        case "month":
            return f"{format_date(start, 'MMM', locale=active())}<br>{start.year}"
        case "quarter":
            return f"{get_quarter_names('abbreviated', locale=active())[(start.month - 1) // 3 + 1]}<br>{start.year}"
        case _other:
            return period(start, grain)
