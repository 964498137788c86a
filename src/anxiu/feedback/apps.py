"""The app of ratings."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """Ratings and recoveries."""

    name = "anxiu.feedback"
