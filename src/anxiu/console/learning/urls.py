"""The addresses of learning the regulation. A verb's address ends with its name."""

from django.urls import path

from anxiu.console.learning import mine, who

L = "regulation/learn/"
urlpatterns = [
    path(L, mine.learn, name="learn"),
    path(f"{L}<uuid:uid>/", mine.learn, name="learn_version"),
    path(f"{L}<uuid:uid>/take_quiz/", mine.take_quiz, name="take_quiz"),
    path(f"{L}<uuid:uid>/sittings/<int:number>/", mine.attempt, name="attempt"),
    path(f"{L}<uuid:uid>/acknowledge_version/", mine.acknowledge_version, name="acknowledge_version"),
    path("regulation/readings/", who.readings, name="readings"),
]
