from django.urls import path

from lms.organisation.views import by_hand, exports, feed, first_run, organisation, roles, staff

urlpatterns = [
    path("exports/", exports.exports, name="exports"),
    path("exports/<uuid:uuid>/", exports.export, name="export"),
    path("exports/<uuid:uuid>/file/", exports.export_file, name="export_file"),
    path("first-run/", first_run.first_run, name="first_run"),
    path("first-run/organisation/", first_run.first_run_organisation, name="first_run_organisation"),
    path("organisation/", organisation.organisation, name="organisation"),
    path("organisation/name/", organisation.organisation_name, name="organisation_name"),
    path("organisation/rules/", organisation.organisation_rules, name="organisation_rules"),
    path("organisation/week/", organisation.organisation_week, name="organisation_week"),
    path("organisation/days/", organisation.organisation_days, name="organisation_days"),
    path("organisation/days/<int:day>/away/", organisation.organisation_day_away, name="organisation_day_away"),
    path("staff/", staff.staff_list, name="staff"),
    path("staff/codes/", staff.staff_codes, name="staff_codes"),
    path("staff/feed/", feed.feeds, name="feeds"),
    path("staff/feed/<uuid:uuid>/", feed.feed, name="feed"),
    path("staff/feed/<uuid:uuid>/columns/", feed.feed_columns, name="feed_columns"),
    path("staff/feed/<uuid:uuid>/account.csv", feed.feed_account, name="feed_account"),
    path("staff/feed/<uuid:uuid>/next/", feed.feed_next, name="feed_next"),
    path("staff/feed/<uuid:uuid>/undo/", feed.feed_undo, name="feed_undo"),
    path("staff/units/", by_hand.units, name="units"),
    path("staff/units/<uuid:uuid>/", by_hand.unit, name="unit"),
    path("staff/units/<uuid:uuid>/new/", by_hand.unit_new, name="unit_new"),
    path("staff/units/<uuid:uuid>/posts/", by_hand.unit_posts, name="unit_posts"),
    path("staff/posts/<uuid:uuid>/", by_hand.post_hire, name="post_hire"),
    path("staff/<uuid:uuid>/", staff.staff_person, name="staff_person"),
    path("staff/<uuid:uuid>/roles/", roles.staff_roles, name="staff_roles"),
    path("staff/<uuid:uuid>/roles/<int:grant>/back/", roles.staff_role_back, name="staff_role_back"),
    path("staff/<uuid:uuid>/code/", staff.staff_code, name="staff_code"),
]
