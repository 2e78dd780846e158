"""The screens: one file per family."""
