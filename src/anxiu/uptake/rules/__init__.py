"""Decisions about reading and reviewing the regulation."""
