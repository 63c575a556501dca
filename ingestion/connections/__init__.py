"""Connections: an ERP's database or a REST API, read into an extract file that is then loaded like any other export."""
