from django.urls import URLPattern, path, register_converter

from courses.keys import LessonKey
from courses.views import catalogue, learning

register_converter(LessonKey, "lesson_key")

urlpatterns: list[URLPattern] = [
    path("courses/", catalogue.courses, name="courses"),
    path("courses/<slug:code>/", catalogue.course, name="course"),
    path("learn/<slug:code>/", learning.learn, name="learn"),
    path("learn/<slug:code>/start/", learning.start, name="learn_start"),
    path("learn/<slug:code>/<lesson_key:key>/", learning.lesson, name="lesson"),
    path("learn/<slug:code>/<lesson_key:key>/<uuid:block>/", learning.activity, name="lesson_activity"),
]
