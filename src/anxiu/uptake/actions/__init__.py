"""The only way to change how a regulation is taken up."""

from anxiu.uptake.actions.keeping import keep_readings
from anxiu.uptake.actions.learning import acknowledge_version, take_quiz

__all__ = ["acknowledge_version", "keep_readings", "take_quiz"]
