"""The way in and the only door to DuckDB: settings, register, formats, cleaning, segments, versions and readers."""
