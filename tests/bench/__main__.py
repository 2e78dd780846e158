"""`make bench`: measure the bars of docs/benchmarks.md in one run and print them as ratios."""

import argparse
import platform
import sys
from collections.abc import Callable

from tests.bench import explorer, imports, live, page, release, report, roadmap, save, score, sign_in, suppression

SUBJECTS: dict[str, Callable[[bool], dict[str, object]]] = {
    "score": score.measure,
    "roadmap": roadmap.measure,
    "report": report.measure,
    "save": save.measure,
    "page": page.measure,
    "sign-in": sign_in.measure,
    "live": live.measure,
    "suppression": suppression.measure,
    "import": imports.measure,
    "release": release.measure,
    "explorer": explorer.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("subjects", nargs="*", choices=[[], *SUBJECTS], help="which to measure; all when none is named")
    parser.add_argument("--quick", action="store_true", help="smaller sizes, to see that the benchmark itself works")
    arguments = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}; read ratios, not seconds: the machine drifts.")
    missed = False
    for name in arguments.subjects or SUBJECTS:
        print(f"\n{name}")
        for figure, value in SUBJECTS[name](not arguments.quick).items():
            print(f"  {figure}: {value}")
            missed = missed or str(value).endswith("MISSED")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
