#!/bin/sh
# `retaguarda` in the container: the command line, wherever it is called from.
PYTHONPATH=/opt/retaguarda exec /opt/retaguarda/.venv/bin/python -m pipeline.cli "$@"
