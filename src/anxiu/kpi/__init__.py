"""Measuring: facts folded from events, indicators over facts, and how far each clause of the regulation is lived."""
