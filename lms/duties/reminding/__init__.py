"""Reminders: planned day by day from duties, sent once, kept in a log.

plan (what a rule wants) → planning (pure: what is to be said of a day) → walking (everybody, in pieces) → sending
(composing, mail server, retries) · digest (a supervisor's week) · sheet (paper) · wording (the texts)
"""
