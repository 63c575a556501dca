"""Office files are zip archives: written again with one moment for everything, so that the same week gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

WRITTEN = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms)")
EMBEDDED = (".xlsx",)  # a native chart of a presentation carries a workbook of its own


def repacked(archive: bytes, moment: datetime) -> bytes:
    """The archive with every moment in it set to `moment`, also inside the workbooks that it carries."""
    stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = WRITTEN.sub(rb"\g<1>" + stamp + rb"\g<3>", part)
            elif name.endswith(EMBEDDED):
                part = repacked(part, moment)
            # 1980 is the first year of the format, and what its writers put where no moment is meant.
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
    return result.getvalue()
