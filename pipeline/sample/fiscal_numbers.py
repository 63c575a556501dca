"""Numbers of fiscal documents: the establishments' CNPJ, access keys with their check digit, protocols."""

from __future__ import annotations

from datetime import date
from zlib import crc32

from pipeline.sample.company import UNITS
from pipeline.sample.tax_numbers import cnpj_of_branch

COMPANY_ROOT = "11222333"
STATES = {"MTZ": ("SP", 35), "SUL": ("PR", 41), "NE": ("PE", 26), "CO": ("GO", 52)}
STATE_CODES = {
    "SP": 35, "MG": 31, "PR": 41, "SC": 42, "RS": 43, "PE": 26, "PB": 25, "AL": 27, "GO": 52, "DF": 53, "MT": 51,
}  # fmt: skip
ESTABLISHMENTS = {unit: cnpj_of_branch(COMPANY_ROOT, branch) for branch, unit in enumerate(UNITS, 1)}


def access_key(state: int, issued: date, tax_id: str, series: int, number: int, model: int = 55) -> str:
    """The 44 characters of a key; the check digit counts characters as ASCII − 48, weights 2 to 9, modulo 11."""
    body = f"{state}{issued:%y%m}{tax_id}{model}{series:03d}{number:09d}1"
    body += f"{crc32(body.encode()) % 10**8:08d}"
    total = sum((ord(character) - 48) * (2 + place % 8) for place, character in enumerate(reversed(body)))
    rest = total % 11
    return f"{body}{0 if rest < 2 else 11 - rest}"


def protocol(state: int, moment: date, text: str) -> str:
    """A protocol number: 1, state, year, and ten digits that stand for `text`."""
    return f"1{state}{moment:%y}{crc32(text.encode()):010d}"
