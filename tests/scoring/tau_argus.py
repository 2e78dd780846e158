"""tau-ARGUS on one table, as a program of its own: the library keeps its state in the process.

Reads JSON (columns, response, rules, how to suppress, hierarchies as lines of its own format) and prints, for each
cell that is held back, its codes and whether it is unsafe itself ("primary") or held back besides ("secondary").
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytauargus

Codes = tuple[str, ...]
ROOT = Path(__file__).parents[2]
KINDS = {"U": "primary", "M": "secondary"}  # S is safe, E is empty


def held_back(
    columns: Mapping[str, Sequence[Any]], response: str, rules: str, suppress: str, **hierarchies: Sequence[str]
) -> dict[Codes, str]:
    """What tau-ARGUS holds back, in a process of its own."""
    asked = {"columns": columns, "response": response, "rules": rules, "suppress": suppress, "hrc": hierarchies}
    command = [sys.executable, "-m", "tests.scoring.tau_argus"]
    with tempfile.TemporaryDirectory() as folder:  # where it leaves its logs
        done = subprocess.run(
            command,
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    return {tuple(code.strip() for code in codes): KINDS[status] for codes, status in rows if status in KINDS}


def _main() -> None:
    asked = json.load(sys.stdin)
    names = [name for name in asked["columns"] if name != asked["response"]]
    with tempfile.TemporaryDirectory() as folder:
        hrc = {}
        for name, lines in asked["hrc"].items():
            hrc[name] = str(Path(folder) / f"{name}.hrc")
            Path(hrc[name]).write_text("\n".join(lines) + "\n")
        result = pytauargus.protect(
            asked["columns"],
            names,
            asked["response"],
            safety_rules=asked["rules"],
            suppress=asked["suppress"],
            hrc=hrc or None,
            hierleadstring="@" if hrc else None,
            totcode="Total",
            workdir=folder,
        )
        rows = result.tables[0].rows
    print(json.dumps([[[row[name] for name in names], row["status"]] for row in rows]))  # noqa: T201


if __name__ == "__main__":
    _main()
