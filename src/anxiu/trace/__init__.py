"""Trace: the chain of events, exported, signed day by day, and verified without trusting the server."""
