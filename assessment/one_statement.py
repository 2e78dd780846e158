"""Several short questions asked in one statement: a page may run six."""

from typing import Any

from sqlalchemy import Select, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

Rows = list[tuple[Any, ...]]


def ask(session: Session, *queries: Select[Any]) -> tuple[Rows, ...]:
    """The rows of each query. ORDER BY decides what a LIMIT leaves; in which order rows come is not promised."""
    parts = [query.subquery() for query in queries]
    columns = [[(f"of_{place}_{column.key}", column) for column in part.c] for place, part in enumerate(parts)]
    selects = [
        select(
            literal(place).label("place"),
            *(
                (column if of == place else cast(null(), column.type)).label(name)
                for of, named in enumerate(columns)
                for name, column in named
            ),
        )
        for place in range(len(parts))
    ]
    found: tuple[Rows, ...] = tuple([] for _ in parts)
    first = [1 + sum(map(len, columns[:place])) for place in range(len(parts))]
    for row in session.execute(union_all(*selects)):
        place = row[0]
        found[place].append(tuple(row[first[place] : first[place] + len(columns[place])]))
    return found
