"""A release told: its cube and manifest go in; pages, tables and files for other programs come out."""
