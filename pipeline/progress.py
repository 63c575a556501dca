"""What is happening, on standard error: a live bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

Advance = Callable[[str, int, int], None]
# Names of files and values in them are printed: a terminal must not obey what stands there.
_CONTROLS = {code: "?" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}


class Narrator:
    """Tells the steps of one command. `quiet` keeps failures only: for steps whose caller sums them up."""

    def __init__(self, quiet: bool = False) -> None:
        self.console = Console(stderr=True, highlight=False, soft_wrap=True)
        self.quiet = quiet

    def say(self, text: str) -> None:
        """One line of progress."""
        if not self.quiet:
            self._print(text)

    def warn(self, text: str) -> None:
        """One line that somebody should read."""
        if not self.quiet:
            self._print(text, "yellow")

    def complain(self, message: str, remedy: str = "") -> None:
        """A failure and what to do about it."""
        self._print(message, "bold red")
        if remedy:
            self._print(f"→ {remedy}")

    def _print(self, text: str, style: str | None = None) -> None:
        self.console.print(text.translate(_CONTROLS), style=style, markup=False)

    @contextmanager
    def bar(self, title: str) -> Iterator[Advance]:
        """A function `advance(text, done, total)`: a live bar on a terminal, elsewhere one line with the title."""
        if self.quiet or not self.console.is_terminal:
            self.say(f"{title} …")
            yield lambda text, done, total: None
            return
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, TimeElapsedColumn(), console=self.console, transient=True) as progress:
            task = progress.add_task(title, total=None)

            def advance(text: str, done: int, total: int) -> None:
                progress.update(task, description=f"{title} · {text[:44]:<44}", completed=done, total=total)

            yield advance
