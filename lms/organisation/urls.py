from django.urls import path

from lms.organisation.views import feed, staff

urlpatterns = [
    path("staff/", staff.staff_list, name="staff"),
    path("staff/codes/", staff.staff_codes, name="staff_codes"),
    path("staff/feed/", feed.feeds, name="feeds"),
    path("staff/feed/<uuid:uuid>/", feed.feed, name="feed"),
    path("staff/feed/<uuid:uuid>/columns/", feed.feed_columns, name="feed_columns"),
    path("staff/feed/<uuid:uuid>/account.csv", feed.feed_account, name="feed_account"),
    path("staff/feed/<uuid:uuid>/next/", feed.feed_next, name="feed_next"),
    path("staff/feed/<uuid:uuid>/undo/", feed.feed_undo, name="feed_undo"),
    path("staff/<uuid:uuid>/", staff.staff_person, name="staff_person"),
    path("staff/<uuid:uuid>/code/", staff.staff_code, name="staff_code"),
]
