"""Statistics of a release against the same group-bys in DuckDB, on the same made-up firms in the same run."""

import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np

from app import upgrade
from app.database import Database
from app.shelf import Shelf
from assessment import made_up_country, programmes, release_units, roles, users
from assessment.programmes import ProgrammePlan
from assessment.release_making import Making
from assessment.release_units import Units
from questionnaires.schema import Questionnaire
from scoring.cell_statistics import moments
from scoring.columns import TOP
from scoring.dominance import Rules
from scoring.lattices import Lattice
from scoring.release_tables import DIVISION, SECTION, SINGLE, some_cells

FIRMS, FEW = 268_000, 13_400
ROUNDS = 3
SHARES = 6
# DuckDB 2.0.0 estimates groups badly with this pass, and takes eight times as long.
TRAP = "SET disabled_optimizers = 'partial_aggregate_pushdown'"


def measure(full: bool) -> dict[str, object]:
    """CPU seconds of n, mean, deviation and shares of every score in every table, and of every question in the single
    tables: ours over columns, DuckDB's over a long table of its own and over Parquet. Filling these is not counted.
    """
    with tempfile.TemporaryDirectory() as folder:
        count = FIRMS if full else FEW
        questionnaire = Shelf().newest_of("industry4-readiness").questionnaire
        database = _country(Path(folder) / "country.db", questionnaire, count)
        reading, units, making = _read(database, questionnaire)
        file = Path(folder) / "units.parquet"
        store = _store(file, units, making)
        ours, theirs, parquet = [], [], []
        for _ in range(ROUNDS):
            ours.append(_seconds(lambda: _ours(units, making)))
            theirs.append(_seconds(lambda: _theirs(store, "long", making.lattice(count))))
            parquet.append(_seconds(lambda: _theirs(store, f"'{file}'", making.lattice(count))))
        _same(units, making, store)
        database.close()
    a, b, c = (float(np.median(times)) for times in (ours, theirs, parquet))
    return {
        "firms": f"{count:,}, {units.scores.shape[1]} scores in {len(making.lattice(count).tables)} tables",
        "statistics": f"{a:.2f} s, DuckDB {b:.2f} s: {_met(a / b)}",
        "statistics against DuckDB over Parquet": f"{c:.2f} s: {_met(a / c)}",
        "reading them from SQLite": f"{reading:.2f} s; with it {(a + reading) / c:.2f} times DuckDB over Parquet",
        "memory at most": f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB",
    }


def _met(ratio: float) -> str:
    return f"{ratio:.2f} times (at most 1): {'met' if ratio <= 1 else 'MISSED'}"


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _country(file: Path, questionnaire: Questionnaire, firms: int) -> Database:
    """A programme with one wave of made-up firms, in a database of its own."""
    database, now = Database(f"sqlite:///{file}"), datetime(2026, 11, 22, tzinfo=UTC)
    with database.only_server():
        upgrade.upgrade(database)
    with database.transaction() as session:
        person = users.register(session, "bench@example.org", now, "Bench")
        roles.grant(session, person.id, roles.OFFICER, None, now)
        programme = programmes.create(session, ProgrammePlan("Made up", "MY"), questionnaire, person.id, now)
        made_up_country.write(session, programme, questionnaire, firms, 1, 1, now)
    return database


def _read(database: Database, questionnaire: Questionnaire) -> tuple[float, Units, Making]:
    with database.reader() as session:
        regions = release_units.regions_of(session, 1)
        started = time.process_time()
        units = release_units.read(session, 1, questionnaire.reference, 2026, regions)
        seconds = time.process_time() - started
    return seconds, units, Making(questionnaire, Rules(), regions)


def _scores(units: Units) -> np.ndarray:
    return np.where(units.scores < 0, np.nan, units.scores / 100.0)


def _ours(units: Units, making: Making) -> list[object]:
    lattice, scores = making.lattice(units.count), _scores(units)
    cells, edges = some_cells(lattice, units.leaves), np.arange(float(SHARES))
    single = some_cells(lattice, units.leaves, SINGLE)
    levels = (np.where(column > TOP, np.nan, column.astype(np.float64)) for column in units.levels.T)
    return [
        *(moments(cells, column, edges) for column in scores.T),
        *(moments(single, column, edges) for column in levels),
    ]


def _store(file: Path, units: Units, making: Making) -> duckdb.DuckDBPyConnection:
    """The same values as a long table of DuckDB's own and as Parquet, as it likes them best: a row a firm and score."""
    connection = duckdb.connect()
    connection.execute(TRAP)
    connection.execute("SET threads = 2")
    industry = making.lattice(units.count).classifications[0]
    columns = {"division": units.leaves[0], "section": industry.levels[SECTION].of_leaf[units.leaves[0]]}
    columns |= {f"side{at}": units.leaves[at] for at in range(1, 5)}
    codes = {name: column.astype(np.uint8) for name, column in columns.items()}
    parts = [(0, _scores(units)), (100, np.where(units.levels > TOP, np.nan, units.levels))]
    connection.execute(
        f"CREATE TABLE long ({', '.join(f'{name} UTINYINT' for name in codes)}, "
        "indicator UTINYINT, value DOUBLE, bin UTINYINT)"
    )
    for start, values in parts:
        for at, column in enumerate(values.T):
            has = ~np.isnan(column)
            bins = np.minimum(column[has], SHARES - 1).astype(np.uint8)
            number = np.full(len(bins), start + at, dtype=np.uint8)
            rows = {name: code[has] for name, code in codes.items()}
            connection.register("given", rows | {"indicator": number, "value": column[has], "bin": bins})
            connection.execute("INSERT INTO long SELECT * FROM given")
    connection.execute(f"COPY long TO '{file}' (FORMAT parquet, COMPRESSION zstd)")
    return connection


def _theirs(store: duckdb.DuckDBPyConnection, source: str, lattice: Lattice) -> None:
    """The finest crossing first, each table from it: far faster than each from the rows, or than grouping sets."""
    keys = ("division", "section", *(f"side{at}" for at in range(1, 5)))
    sums = "sum(n) AS n, sum(total) AS total, sum(squares) AS squares"
    store.execute(
        f"CREATE OR REPLACE TEMP TABLE leaf AS SELECT {', '.join(keys)}, indicator, bin, count(*) AS n, "  # noqa: S608
        f"sum(value) AS total, sum(value * value) AS squares FROM {source} GROUP BY ALL"
    )
    for table in lattice.tables:
        which = "" if table in SINGLE else "WHERE indicator < 100"
        chosen = ", ".join([*_keys(table), "indicator", "bin"])
        store.execute(f"SELECT {chosen}, {sums} FROM leaf {which} GROUP BY {chosen}").fetchnumpy()  # noqa: S608


def _keys(table: tuple[int, ...]) -> list[str]:
    industry = {DIVISION: ["division"], SECTION: ["section"]}.get(table[0], [])
    return industry + [f"side{at}" for at in range(1, 5) if table[at] == 0]


def _same(units: Units, making: Making, store: duckdb.DuckDBPyConnection) -> None:
    """Both ways have to find the same: the overall score by division and size."""
    lattice = making.lattice(units.count)
    cells = some_cells(lattice, units.leaves, [(DIVISION, 0, 1, 1, 1)])
    of = moments(cells, _scores(units)[:, 0], np.arange(float(SHARES)))
    rows = store.execute(
        "SELECT division, side1, count(*), avg(value), count(*) FILTER (bin = 2) FROM long WHERE indicator = 0 "
        "GROUP BY division, side1 ORDER BY division, side1"
    ).fetchall()
    theirs = np.array(rows, dtype=np.float64)
    assert (cells.codes[:, :2] == theirs[:, :2]).all()
    assert (of.n == theirs[:, 2]).all()
    assert np.allclose(of.total / of.n, theirs[:, 3])
    assert (of.bins[:, 2] == theirs[:, 4]).all()
