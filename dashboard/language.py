"""The reader's language: gettext catalogues (`locale/<language>/LC_MESSAGES/dashboard.po`) read as they are.

English is the language of the source text, so it has no catalogue of its own. The `.po` file is parsed at run time
(once a process): there is no compiled file that could be older than its source.
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGES = ("pt_BR", "en")
DEFAULT = "pt_BR"
NAMES = {"pt_BR": "Português", "en": "English"}
LOCALE_FOLDER = Path(__file__).parent / "locale"

# One script run is one thread: what a run activates is not seen by another reader's run.
_active: ContextVar[str] = ContextVar("language", default=DEFAULT)


def choose(override: str | None, browser: str | None) -> str:
    """The language to use: the reader's choice, else the browser's, else Portuguese."""
    for wish in (override, browser):
        if wish:
            code = wish.replace("-", "_").lower()
            if code.startswith("pt"):
                return "pt_BR"
            if code.startswith("en"):
                return "en"
    # A browser in a third language: English is the likelier second language.
    return "en" if browser else DEFAULT


def tag(code: str) -> str:
    """The tag of a language as it stands in the URL: `pt-BR`, `en`."""
    return code.replace("_", "-")


def activate(code: str) -> None:
    """Use this language for the rest of the script run."""
    _active.set(code if code in LANGUAGES else DEFAULT)


def active() -> str:
    """The language in use: one of LANGUAGES."""
    return _active.get()


@lru_cache(maxsize=8)
def messages(code: str) -> dict[str, str]:
    """Translations of a language: source text → text. Empty for English."""
    path = LOCALE_FOLDER / code / "LC_MESSAGES" / "dashboard.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, locale=code)
    texts: dict[str, str] = {}
    for message in catalogue:
        if isinstance(message.id, str) and isinstance(message.string, str) and message.id and message.string:
            texts[message.id] = message.string
    return texts


def _(text: str) -> str:
    """The text in the active language; the text itself where no translation exists."""
    return messages(_active.get()).get(text, text)


def plural(singular: str, several: str, count: int | float) -> str:
    """The form of a text for a count, in the active language (Portuguese: 0 and 1 are singular)."""
    one = abs(count) < 2 if _active.get() == "pt_BR" else count == 1
    return _(singular if one else several)


def N_(text: str) -> str:
    """Mark a text for translation where it stands; it is translated where it is shown."""
    return text
