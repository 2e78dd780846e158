"""`python -m app` is `fourward`."""

from app.cli import main

main()
