"""Columns of numbers as PostgreSQL's binary COPY, without a Python object for each value.

Source: PostgreSQL manual, COPY, "Binary Format".
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)  # no flags, no header extension
TRAILER: Final = (-1).to_bytes(2, "big", signed=True)


def binary_copy(columns: Mapping[str, NDArray[Any]]) -> bytes:
    """All rows as one binary COPY stream.

    Args:
        columns: By name in the table's order: int16, int32, int64 or float64, each of shape (n,),
            for columns of type int2, int4, int8 (or timestamptz, in microseconds since 2000) and
            float8. There are no nulls: NaN stays NaN.
    """
    fields: list[tuple[str, str]] = [("count", ">i2")]
    for name, values in columns.items():
        fields += [(f"{name} size", ">i4"), (name, values.dtype.newbyteorder(">").str)]
    rows = np.empty(len(next(iter(columns.values()))), dtype=fields)
    rows["count"] = len(columns)
    for name, values in columns.items():
        rows[f"{name} size"] = values.dtype.itemsize
        rows[name] = values
    return HEADER + rows.tobytes() + TRAILER
