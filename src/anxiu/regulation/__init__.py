"""The regulation as living data: versions, their clauses in words, and the figures the system enforces."""
