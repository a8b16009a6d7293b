"""Who works where: people, logins, units, posts, roles."""

from lms.organisation.models.beginning import FirstRun
from lms.organisation.models.calendar import DifferentDay, WorkingWeek
from lms.organisation.models.feeds import (
    About,
    Change,
    Feed,
    FeedDifference,
    FeedMapping,
    FeedPart,
    FeedRow,
    FeedState,
)
from lms.organisation.models.people import CodeState, Employer, OneTimeCode, Person, StaffNumber, User
from lms.organisation.models.posts import Leave, Post, PostCategory, PostHolding, PostTag, ReportingLine
from lms.organisation.models.roles import JurisdictionAdoption, Organisation, Role, RoleGrant
from lms.organisation.models.units import OrgUnit, UnitAncestry, UnitPlacement

__all__ = [
    "About",
    "Change",
    "CodeState",
    "DifferentDay",
    "Employer",
    "Feed",
    "FeedDifference",
    "FeedMapping",
    "FeedPart",
    "FeedRow",
    "FeedState",
    "FirstRun",
    "JurisdictionAdoption",
    "Leave",
    "OneTimeCode",
    "OrgUnit",
    "Organisation",
    "Person",
    "Post",
    "PostCategory",
    "PostHolding",
    "PostTag",
    "ReportingLine",
    "Role",
    "RoleGrant",
    "StaffNumber",
    "UnitAncestry",
    "UnitPlacement",
    "User",
    "WorkingWeek",
]
