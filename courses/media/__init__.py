"""Pictures and videos of lessons: what a file must be, where drafts have it from, what learners get of it for good."""
