"""Who must know what by when, who need not, and what is kept computed of it."""

from lms.duties.models.exceptions import ExceptionSeen
from lms.duties.models.exemptions import Exemption
from lms.duties.models.extensions import Extension, ExtensionDecision, ExtensionRequest
from lms.duties.models.periods import ClosedPeriod, FiledFigure, FiledPack, ReportPlan, ReportSent
from lms.duties.models.plans import PlanApproval, PlanKind, PlanLine, PlanStep, PlanVersion, TrainingPlan
from lms.duties.models.proposals import ProposalDecision, ProposalPreview, RequirementProposal
from lms.duties.models.reminders import (
    Channel,
    MessageOutcome,
    MessageState,
    Moment,
    Reminder,
    ReminderMessage,
    ReminderText,
    ReminderWalk,
    Told,
    WaitingMail,
)
from lms.duties.models.requirements import Refresher, RequirementVersion, TrainingRequirement
from lms.duties.models.stored import DutySpan, DutyTarget, SpanCalendar, SpanState, StaleMark, UnitMonth

__all__ = [
    "Channel",
    "ClosedPeriod",
    "DutySpan",
    "DutyTarget",
    "ExceptionSeen",
    "Exemption",
    "Extension",
    "ExtensionDecision",
    "ExtensionRequest",
    "FiledFigure",
    "FiledPack",
    "MessageOutcome",
    "MessageState",
    "Moment",
    "PlanApproval",
    "PlanKind",
    "PlanLine",
    "PlanStep",
    "PlanVersion",
    "ProposalDecision",
    "ProposalPreview",
    "Refresher",
    "Reminder",
    "ReminderMessage",
    "ReminderText",
    "ReminderWalk",
    "ReportPlan",
    "ReportSent",
    "RequirementProposal",
    "RequirementVersion",
    "SpanCalendar",
    "SpanState",
    "StaleMark",
    "Told",
    "TrainingPlan",
    "TrainingRequirement",
    "UnitMonth",
    "WaitingMail",
]
