"""The addresses of the work on versions. A verb's address ends with its name."""

from django.urls import path

from anxiu.console.versions import compare, editing, pages, people, printing, questions, verbs

V = "regulation/versions/<uuid:uid>/"
MOVES = (
    "describe_draft", "submit_for_review", "return_to_draft", "approve_version", "put_in_force",
    "withdraw_version", "discard_draft", "comment_on_clause",
)  # fmt: skip
urlpatterns = [
    path("regulation/drafts/", pages.drafts, name="drafts"),
    path("regulation/drafts/start_draft/", verbs.start_draft, name="start_draft"),
    path("regulation/compare/", compare.compare_versions, name="compare_versions"),
    path(V, pages.text, name="version"),
    path(f"{V}print/", printing.print_version, name="print_version"),
    path(f"{V}pdf/", printing.version_pdf, name="version_pdf"),
    path(f"{V}readiness/", pages.ready, name="version_readiness"),
    path(f"{V}review/", pages.review, name="version_review"),
    path(f"{V}quiz/", questions.quiz, name="version_quiz"),
    path(f"{V}quiz/add_question/", questions.add_question, name="add_question"),
    path(f"{V}quiz/write_question/<slug:code>/", questions.write_question, name="write_question"),
    path(f"{V}quiz/remove_question/<slug:code>/", questions.remove_question, name="remove_question"),
    path(f"{V}quiz/move_question/<slug:code>/", questions.move_question, name="move_question"),
    path(f"{V}log/", pages.changes, name="version_log"),
    path(f"{V}log/<int:change>/undo/", editing.undo, name="undo_change"),
    path(f"{V}set_figure/<str:key>/", editing.set_figure, name="set_figure"),
    path(f"{V}add_clause/", editing.add_clause, name="add_clause"),
    path(f"{V}write_clause/<str:number>/", editing.write_clause, name="write_clause"),
    path(f"{V}remove_clause/<str:number>/", verbs.remove_clause, name="remove_clause"),
    path(f"{V}comment_on_clause/<str:number>/", verbs.comment_on_clause, name="comment_on_this_clause"),
    path(f"{V}settle_comment/<uuid:comment>/", verbs.settle_comment, name="settle_comment"),
    path(f"{V}name_working_group/", people.name_working_group, name="name_working_group"),
    path(f"{V}name_working_group/people/", people.people_found, name="group_people"),
    *(path(f"{V}{name}/", getattr(verbs, name), name=name) for name in MOVES),
]
