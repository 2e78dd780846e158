"""How it is told: a frozen result goes in, bytes come out."""
