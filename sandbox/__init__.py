"""Analysts' SQL against the published file, in child processes that cannot do harm: for the command line and the pages."""
