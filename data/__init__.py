"""The way in and the only door to DuckDB: settings, register, formats, cleaning, segments, versions and readers."""

import polars as pl

# Where memory gets short, polars puts rows into files under /var/tmp, in plain: never, whoever asks. No row is this big.
pl.Config.load('{"environment": {"POLARS_OOC_SPILL_MIN_BYTES": "4611686018427387904"}}')
