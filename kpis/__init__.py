"""Pure KPI arithmetic: polars in, polars out. No database, no web framework, nothing of the other packages."""
