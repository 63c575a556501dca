"""Write the sample company: ``python -m pipeline.sample OUTPUT_FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.sample.company import AS_OF, COMPANY, LABEL
from pipeline.sample.files import sample_files


def write_sample(folder: Path) -> list[Path]:
    """Write every file of the sample into ``folder/<knowledge date>/`` and company.yml; returns the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    description = folder / "company.yml"
    description.write_text(f'label: "{LABEL}"\ncompany: "{COMPANY}"\nas_of: {AS_OF:%Y-%m-%d}\n', encoding="utf-8")
    paths = [description]
    for file in sample_files():
        path = folder / file.day.isoformat() / file.name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(file.content)
        paths.append(path)
    return paths


def main() -> int:
    """Read the output folder from the command line and write; exit code 2 without one."""
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python -m pipeline.sample OUTPUT_FOLDER\n")
        return 2
    paths = write_sample(Path(sys.argv[1]))
    size = sum(path.stat().st_size for path in paths)
    sys.stdout.write(f"{len(paths)} files, {size / 1e6:.1f} MB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
