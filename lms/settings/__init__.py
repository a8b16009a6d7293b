"""Settings by place: base, then development, testing or production."""
