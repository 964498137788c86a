"""The addresses of learning the regulation. A verb's address ends with its name."""

from django.urls import path

from anxiu.console.learning import mine, remarks, reviews, sessions, who

L, R, V = "regulation/learn/", "regulation/remarks/", "regulation/reviews/"
urlpatterns = [
    path(L, mine.learn, name="learn"),
    path(f"{L}<uuid:uid>/", mine.learn, name="learn_version"),
    path(f"{L}<uuid:uid>/take_quiz/", mine.take_quiz, name="take_quiz"),
    path(f"{L}<uuid:uid>/sittings/<int:number>/", mine.attempt, name="attempt"),
    path(f"{L}<uuid:uid>/acknowledge_version/", mine.acknowledge_version, name="acknowledge_version"),
    path("regulation/remarks/", remarks.remarks, name="remarks"),
    path(f"{R}<uuid:uid>/", remarks.remark, name="remark"),
    path(f"{R}<uuid:uid>/reply_to_remark/", remarks.reply_to_remark, name="reply_to_remark"),
    path(f"{R}<uuid:uid>/settle_remark/", remarks.settle_remark, name="settle_remark"),
    path("regulation/versions/<uuid:uid>/remark_on_clause/<str:number>/", remarks.remark_on_clause,
         name="remark_on_clause"),
    path("regulation/reviews/", reviews.reviews, name="reviews"),
    path(f"{V}<uuid:uid>/", reviews.review, name="review"),
    path(f"{V}<uuid:uid>/decide_on_clause/<str:number>/", reviews.decide_on_clause, name="decide_on_clause"),
    path(f"{V}<uuid:uid>/close_review/", reviews.close_review, name="close_review"),
    path("regulation/sessions/", sessions.sessions, name="sessions"),
    path("regulation/sessions/record_session/<uuid:uid>/", sessions.record_session, name="record_session"),
    path("regulation/readings/", who.readings, name="readings"),
]
