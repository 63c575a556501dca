"""How cells of the workbook look: formats made once, and the number format of each unit."""

from __future__ import annotations

from typing import Any

from dashboard.language import active


class Looks:
    """Formats of cells, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._numbers: dict[str, Any] = {}
        self.title = book.add_format({"bold": True, "font_size": 16})
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
        self.text = book.add_format({"valign": "top", "text_wrap": True, "indent": 1})
        self.quiet = book.add_format({"font_color": "#57626E", "valign": "top", "text_wrap": True})
        self.day = book.add_format(
            {"num_format": "dd/mm/yyyy" if active() == "pt_BR" else "d mmm yyyy", "valign": "top"}
        )

    def number(self, pattern: str) -> Any:
        """A format of numbers; the pattern is in the English notation that files hold."""
        if pattern not in self._numbers:
            self._numbers[pattern] = self._book.add_format({"num_format": pattern, "valign": "top"})
        return self._numbers[pattern]


def pattern(unit: str, decimals: int) -> str:
    """The number format of a unit: `0.0%`, `R$ #,##0.00`, `#,##0.0`."""
    places = "." + "0" * decimals if decimals else ""
    if unit == "percent":
        return f"0{places}%"
    return f'"R$" #,##0{places}' if unit == "brl" else f"#,##0{places}"
