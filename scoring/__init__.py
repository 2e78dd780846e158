"""How it is judged: pure functions, one file per step of the method."""
