"""Load one thing for a route, or refuse."""
