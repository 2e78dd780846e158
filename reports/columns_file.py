"""Files of columns (Parquet): written and read through DuckDB, which nothing else imports."""

import atexit
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock

import duckdb
import numpy as np
from numpy.typing import NDArray

ROW_GROUP = 20_480  # rows; a query skips the groups whose smallest and largest values tell that nothing is in them
Column = NDArray[np.generic]
_opening = Lock()
_engines: dict[int, duckdb.DuckDBPyConnection] = {}  # by process: a child must not use its parent's
atexit.register(_engines.clear)  # or the engine complains when Python ends


def write_columns(
    path: Path, columns: Mapping[str, Column], *, row_group: int = ROW_GROUP, order: Sequence[str] = ()
) -> None:
    """Write columns of equal length, sorted by `order`. A masked array's masked values are nulls; so are NaNs."""
    arrays = {name: _as_written(values) for name, values in columns.items()}
    with duckdb.connect() as connection:
        connection.register("given", arrays)
        chosen = ", ".join(_selected(name, values) for name, values in columns.items())
        sorted_by = f" ORDER BY {', '.join(map(_quoted, order))}" if order else ""
        connection.execute(
            f"COPY (SELECT {chosen} FROM given{sorted_by}) TO {_literal(path)} "  # noqa: S608  names are quoted
            f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {int(row_group)})"
        )


def read_columns(
    path: Path,
    names: Sequence[str],
    where: Mapping[str, Sequence[str]] | None = None,
    *,
    distinct: bool = False,
    order: Sequence[str] = (),
) -> dict[str, list[object]]:
    """The columns' values in the file's order, of the rows whose columns hold one of the texts of `where`.

    Values are Python's: text, int, float or None. `distinct` leaves out rows that are told already.
    """
    wanted = where or {}
    tests = " AND ".join(f"{_quoted(name)} IN ({', '.join('?' * len(texts))})" for name, texts in wanted.items())
    chosen = f"{'DISTINCT ' if distinct else ''}{', '.join(map(_quoted, names))}"
    sorted_by = ", ".join(map(_quoted, order))
    statement = (
        f"SELECT {chosen} FROM read_parquet({_literal(path)})"  # noqa: S608  names are quoted
        + (f" WHERE {tests}" if tests else "")
        + (f" ORDER BY {sorted_by}" if order else "")
    )
    with _cursor() as cursor:
        rows = cursor.execute(statement, [text for texts in wanted.values() for text in texts]).fetchall()
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)) if rows else {name: [] for name in names}


def read_codes(path: Path, texts: Mapping[str, Sequence[str]]) -> dict[str, NDArray[np.uint8]]:
    """Columns of texts in the file's order, each as its place among the texts that are given: all that it holds."""
    places = [
        f"enum_code({_quoted(name)}::ENUM({', '.join(map(_literal, listed))})) AS {_quoted(name)}"
        for name, listed in texts.items()
    ]
    return {name: values.filled() for name, values in _arrays(path, places).items()}


def read_numbers(path: Path, name: str) -> NDArray[np.float32]:
    """A column of numbers in the file's order; what is null there is NaN."""
    read = _arrays(path, [f"{_quoted(name)}::FLOAT AS {_quoted(name)}"])[name]
    return read.filled(np.nan)


def _arrays(path: Path, chosen: Sequence[str]) -> dict[str, np.ma.MaskedArray]:
    with _cursor() as cursor:
        statement = f"SELECT {', '.join(chosen)} FROM read_parquet({_literal(path)})"  # noqa: S608  names are quoted
        read = cursor.execute(statement).fetchnumpy()
    return {name: np.ma.asanyarray(values) for name, values in read.items()}


def _cursor() -> duckdb.DuckDBPyConnection:
    """A connection to this process's own engine: opening an engine for each page would cost more than its rows."""
    with _opening:
        if os.getpid() not in _engines:
            _engines.clear()
            _engines[os.getpid()] = engine = duckdb.connect()
            # DuckDB 2.0.0 estimates groups badly with it, and took eight times as long.
            engine.execute("SET disabled_optimizers = 'partial_aggregate_pushdown'")
            engine.execute("SET threads = 2")
        return _engines[os.getpid()].cursor()


def _selected(name: str, values: Column) -> str:
    quoted = _quoted(name)
    if np.issubdtype(values.dtype, np.floating):
        return f"CASE WHEN isnan({quoted}) THEN NULL ELSE {quoted} END AS {quoted}"
    return quoted


def _as_written(values: Column) -> Column:
    # DuckDB takes texts as objects only.
    return values.astype(object) if values.dtype.kind in "UST" and not isinstance(values, np.ma.MaskedArray) else values


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"
