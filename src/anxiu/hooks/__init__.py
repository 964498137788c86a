"""Webhooks: other programs are told of events, each a signed HTTP request with its own row in the log."""
