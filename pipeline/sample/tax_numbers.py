"""Fictitious CNPJ and CPF numbers with right (or, where asked, wrong) check digits."""

from __future__ import annotations

import numpy as np

_CNPJ_WEIGHTS = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
_LETTERS_AND_DIGITS = "0123456789ABCDEFGHIJKLMNPQRSTVWXYZ"


def _check_digit(values: list[int], weights: list[int]) -> int:
    remainder = sum(value * weight for value, weight in zip(values, weights, strict=True)) % 11
    return 0 if remainder < 2 else 11 - remainder


def cnpj(stream: np.random.Generator, *, alphanumeric: bool = False, wrong: bool = False) -> str:
    """A formatted CNPJ: characters count ASCII − 48 (A is 17), weights 2 to 9, modulo 11 (Receita Federal)."""
    if alphanumeric:
        body = "".join(_LETTERS_AND_DIGITS[i] for i in stream.integers(10, len(_LETTERS_AND_DIGITS), 3))
        body += "".join(_LETTERS_AND_DIGITS[i] for i in stream.integers(0, len(_LETTERS_AND_DIGITS), 5)) + "0001"
    else:
        body = "".join(str(digit) for digit in stream.integers(1, 10, 8)) + "0001"
    values = [ord(character) - 48 for character in body]
    values.append(_check_digit(values, list(_CNPJ_WEIGHTS[1:])))
    values.append(_check_digit(values, list(_CNPJ_WEIGHTS)))
    if wrong:
        values[-1] = (values[-1] + 1) % 10
    return f"{body[:2]}.{body[2:5]}.{body[5:8]}/{body[8:12]}-{values[-2]}{values[-1]}"


def cnpj_of_branch(root: str, branch: int) -> str:
    """The CNPJ, unformatted, of an establishment of the company whose first eight characters are `root`."""
    body = f"{root}{branch:04d}"
    values = [ord(character) - 48 for character in body]
    values.append(_check_digit(values, list(_CNPJ_WEIGHTS[1:])))
    values.append(_check_digit(values, list(_CNPJ_WEIGHTS)))
    return f"{body}{values[-2]}{values[-1]}"


def cpf(stream: np.random.Generator, *, wrong: bool = False) -> str:
    """A formatted CPF of a person who does not exist."""
    values = [int(digit) for digit in stream.integers(1, 10, 9)]
    values.append(_check_digit(values, list(range(10, 1, -1))))
    values.append(_check_digit(values, list(range(11, 1, -1))))
    if wrong:
        values[-1] = (values[-1] + 1) % 10
    text = "".join(str(value) for value in values)
    return f"{text[:3]}.{text[3:6]}.{text[6:9]}-{text[9:]}"
