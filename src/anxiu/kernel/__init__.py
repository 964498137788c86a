"""What every app stands on and that knows no app: events and their chain, gates, values, actors, refusals, time, ids.

Lower apps never name higher ones. They ask through gates before a step and tell through events after it.
"""
