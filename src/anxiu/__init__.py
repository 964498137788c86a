"""Anxiu: after-sales service run by its own regulation."""
