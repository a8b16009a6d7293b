"""What beat starts for this room, and what is sent after a commit."""

from lms.duties.nightly import nightly
from lms.duties.periods.closing import close_ended_periods
from lms.duties.periods.reports import carry_out_plans
from lms.duties.reminding.daily import remind
from lms.duties.upkeep import work_off_marks

__all__ = ["carry_out_plans", "close_ended_periods", "nightly", "remind", "work_off_marks"]
