"""The backend. What it adds: a statement that the server binds may hold no more than 65,535 parameters, which Django
5.2 does not know, so that a large insert would fail.
"""

from collections.abc import Sequence
from typing import Any, Final

from django.db.backends.postgresql import base, features, operations

MOST_PARAMETERS: Final = 65_535  # source: PostgreSQL's protocol, two bytes


class DatabaseFeatures(features.DatabaseFeatures):
    """What the server can do."""

    max_query_params = MOST_PARAMETERS


class DatabaseOperations(operations.DatabaseOperations):
    """How it is asked."""

    def bulk_batch_size(self, fields: Sequence[Any], objs: Sequence[Any]) -> int:
        """How many rows one statement may write."""
        return MOST_PARAMETERS // len(fields) if fields else len(objs)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection."""

    features_class = DatabaseFeatures
    ops_class = DatabaseOperations
