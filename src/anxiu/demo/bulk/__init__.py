"""A company of a million orders, to measure on."""
