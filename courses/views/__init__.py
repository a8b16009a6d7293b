"""Pages of courses: the public catalogue, and what learners read and do."""
