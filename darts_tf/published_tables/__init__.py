"""The published tables, with what the networks have when they are built."""

from darts_tf.published_tables.config import TablesConfig as TablesConfig
from darts_tf.published_tables.output import published_tables as published_tables
