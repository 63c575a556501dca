"""YAML that remembers where it stands, so that every mistake is told with its file and line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any

from yaml_lines import MarkedYAMLError, YAMLError, load

LANGUAGES = ("pt_BR", "en")


class ContractError(ValueError):
    """A contract that cannot be used; the text names the file, the line and the remedy."""


class Place:
    """A YAML mapping that knows its file and line. Every getter raises ContractError for a value of another shape."""

    def __init__(self, path: Path, node: Any, line: int, what: str) -> None:
        self.path, self.line, self.what = path, line, what
        if not isinstance(node, Mapping):
            raise self.error(f"{what} must be a mapping of names to values")
        self.node: Mapping[str, Any] = node

    def error(self, message: str, key: str | None = None) -> ContractError:
        """A ContractError that names the file and the line of `key`, or of the mapping itself."""
        line = self.line_of(key) if key is not None else self.line
        return ContractError(f"{self.path}, line {line}: {message}.")

    def line_of(self, key: str) -> int:
        """The 1-based line of a key; of the mapping itself where the key is not there."""
        place = getattr(self.node, "lc", None)
        if place is None or place.data is None or key not in place.data:
            return self.line
        return int(place.key(key)[0]) + 1

    def inner(self, key: str, what: str) -> Place:
        """The mapping under `key`; an empty one where the key is not there."""
        return Place(self.path, self.node.get(key, {}), self.line_of(key), what)

    def only(self, known: set[str]) -> None:
        """Refuse every key that is not in `known`."""
        for key in self.node:
            if key not in known:
                raise self.error(f'{self.what}: unknown key "{key}". Known are: {", ".join(sorted(known))}', key)

    def text(self, key: str, default: str | None = None) -> str:
        """The text under `key`, not empty."""
        value = self.node.get(key, default)
        if not isinstance(value, str) or value == "":
            raise self.error(f'{self.what}: "{key}" must be a text', key)
        return str(value)

    def choice(self, key: str, choices: Sequence[str], default: str) -> str:
        """The text under `key`, one of `choices`."""
        value = self.text(key, default)
        if value not in choices:
            raise self.error(f'{self.what}: {key} "{value}" is not one of {", ".join(choices)}', key)
        return value

    def texts(self, key: str, default: Sequence[str] = ()) -> tuple[str, ...]:
        """The list of texts under `key`, at least one."""
        value = self.node.get(key, list(default))
        if not isinstance(value, list) or not value or not all(isinstance(item, str) and item for item in value):
            raise self.error(f'{self.what}: "{key}" must be a list of texts with at least one', key)
        return tuple(str(item) for item in value)

    def words(self, key: str, *, needed: bool) -> dict[str, tuple[str, ...]]:
        """Texts by language; with `needed`, in every language."""
        inner = self.inner(key, f"{self.what}, {key}")
        inner.only(set(LANGUAGES))
        if needed and set(inner.node) != set(LANGUAGES):
            raise self.error(f'{self.what}: "{key}" needs both languages: {", ".join(LANGUAGES)}', key)
        return {
            language: (inner.text(language),) if isinstance(inner.node[language], str) else inner.texts(language)
            for language in LANGUAGES
            if language in inner.node
        }

    def number(self, key: str) -> Decimal | None:
        """The number under `key`, exact; None where there is none."""
        value = self.node.get(key)
        if value is None:
            return None
        try:
            return Decimal(str(value))
        except InvalidOperation:
            raise self.error(f'{self.what}: {key} "{value}" is not a number', key) from None


@lru_cache(maxsize=256)
def _document(text: str) -> Any:
    """The content of a YAML text, never to be changed: a thousand exports ask for the same mappings."""
    return load(text)


def read_yaml(path: Path) -> Place:
    """The top mapping of a YAML file. Raises ContractError with the line for text that is not YAML."""
    try:
        document = _document(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        mark: Any = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise ContractError(f"{path}, line {line}: not valid YAML: {error.problem}.") from error
    except YAMLError as error:
        reason = " ".join(str(error).split())
        raise ContractError(f"{path}: not valid YAML: {reason}.") from error
    return Place(path, document, 1, "the file")
