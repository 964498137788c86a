"""Promises in time: working calendars, clocks and escalation ladders. Knows no order; it gets a frozen case."""
