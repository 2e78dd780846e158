"""Who answered what, when, in which setting; owns the database."""
