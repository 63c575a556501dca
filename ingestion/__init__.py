"""Exports → typed raw rows, or quarantine with the reason."""
