"""Words with a fixed meaning: kinds of question, and kinds of misconduct."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """Kinds of question; `assessments.kinds` says how each is checked, shown and scored."""

    SINGLE_CHOICE = "single_choice", _("Single choice")
    MULTIPLE_RESPONSE = "multiple_response", _("Multiple response")
    TRUE_FALSE_REASON = "true_false_reason", _("True or false, with reason")
    ORDERING = "ordering", _("Ordering")
    MATCHING = "matching", _("Matching")
    STEPPED_SCENARIO = "stepped_scenario", _("Stepped scenario")


class Misconduct(models.TextChoices):
    """The six kinds of misconduct that an integrity course must ask about."""

    SUPPRESSION = "suppression", _("Suppression of records")
    FALSE_CLAIM = "false_claim", _("False claim")
    CORRUPTION = "corruption", _("Corruption")
    EMBEZZLEMENT = "embezzlement", _("Embezzlement")
    DISHONESTY = "dishonesty", _("Dishonesty")
    FALSIFICATION = "falsification", _("Falsification of records")
