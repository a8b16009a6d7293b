from django.conf import settings
from django.urls import URLPattern, path, register_converter

from courses.keys import LessonKey
from courses.views import afterwards, cards, catalogue, entering, learning, library, media

register_converter(LessonKey, "lesson_key")

urlpatterns: list[URLPattern] = [
    path("courses/", catalogue.courses, name="courses"),
    path("courses/<slug:code>/", catalogue.course, name="course"),
    path("courses/<slug:code>/insight/", afterwards.insight, name="course_insight"),
    path("library/", library.documents, name="library"),
    path("library/<slug:code>/", library.document, name="library_document"),
    path("library/<slug:code>/<uuid:uuid>/", library.version, name="library_version"),
    path("entry/", entering.entry_desk, name="entry_desk"),
    path("entry/advanced/", entering.course_audience, name="advanced_audience"),
    path("entry/courses/<slug:code>/", entering.course_audience, name="course_audience"),
    path("entry/nominations/<uuid:uuid>/", entering.nomination, name="nomination"),
    path("entry/taking-back/<uuid:uuid>/", entering.take_back, name="entry_take_back"),
    path("entry/people/<uuid:uuid>/", entering.entry_person, name="entry_person"),
    path("entry/people/<uuid:uuid>/evidence/", entering.record_evidence, name="entry_evidence"),
    path("entry/people/<uuid:uuid>/waiver/", entering.waive, name="entry_waiver"),
    path("entry/people/<uuid:uuid>/nominate/", entering.nominate, name="nominate"),
    path("learn/<slug:code>/", learning.learn, name="learn"),
    path("learn/<slug:code>/cards/", cards.cards, name="quick_cards"),
    path("learn/<slug:code>/start/", learning.start, name="learn_start"),
    path("learn/<slug:code>/feedback/", afterwards.give_feedback, name="course_feedback"),
    path("learn/<slug:code>/journal/", afterwards.journal_page, name="journal"),
    path("learn/<slug:code>/journal/<uuid:uuid>/", afterwards.journal_entry, name="journal_entry"),
    path("learn/<slug:code>/<lesson_key:key>/", learning.lesson, name="lesson"),
    path("learn/<slug:code>/<lesson_key:key>/<uuid:block>/", learning.activity, name="lesson_activity"),
    path("lesson-media/<uuid:uuid>/", media.lesson_media, name="lesson_media"),
    path(f"{settings.MEDIA_URL.strip('/')}/<path:path>", media.draft_media, name="draft_media"),
]
