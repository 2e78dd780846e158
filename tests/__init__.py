"""The tests mirror the rooms: one file per module."""
