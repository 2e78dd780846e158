"""People in, pages and files out; nothing imports it."""
