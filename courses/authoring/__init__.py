"""What Wagtail's editor does differently for courses. `courses.wagtail_hooks` registers it; no rule is made here."""
