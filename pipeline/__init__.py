"""One refresh, end to end: load, build, publish, serve; and the command line `retaguarda`."""
