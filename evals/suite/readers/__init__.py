"""Suites as others write them: one file a format, each with `load(path, database) -> cases`."""
