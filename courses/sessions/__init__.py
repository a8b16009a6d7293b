"""Sessions: people meet at a time in a place. series → planning (or nightly) → places → signing_in → counting.

Attendance counts as attendance: it does a lesson that is done by attending, and nothing else.
"""
