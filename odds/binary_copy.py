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
    rows = np.empty(
        len(next(iter(columns.values()))),
        dtype=_row({name: values.dtype for name, values in columns.items()}),
    )
    rows["count"] = len(columns)
    for name, values in columns.items():
        rows[f"{name} size"] = values.dtype.itemsize
        rows[name] = values
    return HEADER + rows.tobytes() + TRAILER


def read_binary_copy(stream: bytes, types: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """The columns of a binary COPY stream without nulls.

    Args:
        stream: What `COPY … TO STDOUT (FORMAT BINARY)` sent.
        types: By name in the query's order, as in `binary_copy`.

    Returns:
        Arrays by name, each of shape (n,).

    Raises:
        ValueError: A column is null somewhere, or of another type.
    """
    row = _row({name: np.dtype(given) for name, given in types.items()})
    content = memoryview(stream)[len(HEADER) : -len(TRAILER)]
    if len(content) % row.itemsize:
        raise ValueError("the rows are not of the given types, or some value is null")
    rows = np.frombuffer(content, dtype=row)
    sizes = [np.dtype(given).itemsize for given in types.values()]
    for name, size in zip(types, sizes, strict=True):
        if (rows[f"{name} size"] != size).any():
            raise ValueError(f"{name} is not of the given type, or is null somewhere")
    return {name: rows[name].astype(np.dtype(given)) for name, given in types.items()}


def _row(types: Mapping[str, np.dtype[Any]]) -> np.dtype[Any]:
    fields: list[tuple[str, str]] = [("count", ">i2")]
    for name, given in types.items():
        fields += [(f"{name} size", ">i4"), (name, given.newbyteorder(">").str)]
    return np.dtype(fields)
