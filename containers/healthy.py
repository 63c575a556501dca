"""Whether the dashboard in this container answers. Also before anything is published: its pages say so then."""

from __future__ import annotations

import sys
import urllib.request

ADDRESS = "http://127.0.0.1:8501/_stcore/health"

if __name__ == "__main__":
    with urllib.request.urlopen(ADDRESS, timeout=5) as answer:
        sys.exit(0 if answer.status == 200 else 1)
