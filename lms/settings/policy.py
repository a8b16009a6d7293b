"""Numbers that are policy, not code: each says what it decides. An installation overrides them in its own settings."""

# A criterion is met at this share of its points; a critical one needs more.
CRITERION_MET_PERCENT = "66.67"
CRITICAL_CRITERION_MET_PERCENT = "80"

# A course is passed at this mean over its criteria, once all critical ones are met.
COURSE_PASS_PERCENT = "70"

# A paper draws at least so many questions for each criterion.
MINIMUM_DRAW = 3
MINIMUM_DRAW_CRITICAL = 5

# There are at least so many times the questions that a paper draws, so that a retake asks fresh ones. A paper that can
# be tried once needs no more than it draws.
QUESTIONS_PER_DRAW = 2

# Criteria on telling kinds of misconduct apart: a course that certifies one asks about every kind.
MISCONDUCT_CRITERIA = ("IN.C2",)

# A question is looked at again when it earns a smaller or larger mean share of its points than this, in per cent, once
# so many tries are marked.
QUESTION_SUCCESS_LEAST = 25
QUESTION_SUCCESS_MOST = 95
QUESTION_TRIES_TO_JUDGE_BY = 50

# Working days between the feedback on a criterion not yet met and the next try.
COOLING_OFF_WORKING_DAYS = 3

# First try and re-assessments on one enrolment.
TRIES_PER_ENROLMENT = 3

# Evidence counts towards a new result for so many months.
EVIDENCE_CURRENCY_MONTHS = 24

# Days of the week on which people work, Monday is 0.
WORKING_WEEK = (0, 1, 2, 3, 4)

# A one-time code opens a sign-in for so many days.
ONE_TIME_CODE_DAYS = 14

# The token that opens the first run is good for so many hours.
FIRST_RUN_TOKEN_HOURS = 24

# A leave of more than so many days stops the clock of a duty.
LONG_LEAVE_DAYS = 30

# A certificate's holder may renew from so many days before it ends.
RENEWAL_OPENS_DAYS = 60

# So much of a week an officer can learn; a course that takes longer than the days until it is due allow is an exception.
TRAINING_HOURS_A_WEEK = 4

# The queue of exceptions looks at so many people at a time.
EXCEPTIONS_LOOKED_AT = 500

# Who holds a result, or put their name to a document, reads what changed within so many days of the change.
CHANGES_DUE_DAYS = 30

# The share of moderated human decisions arrives with moderation; until then awards follow at once.

# A written field takes at most so many characters.
TEXT_LIMIT = 10_000

# A lesson's picture and video may weigh at most so many megabytes; learners get pictures much smaller.
LESSON_PICTURE_MEGABYTES = 5
LESSON_VIDEO_MEGABYTES = 60

# A scan or picture of somebody's certificate may weigh at most so many megabytes.
EVIDENCE_MEGABYTES = 5

# A step that takes effect on a day further ahead than this is taken for a slip of the pen.
PLAN_AHEAD_DAYS = 366

# One connection may check so many certificates in a minute.
CERTIFICATE_CHECKS_PER_MINUTE = 60

# What the report on a course's content asks for: questions for each certified criterion, of so many kinds.
QUESTIONS_PER_CRITERION = 9
QUESTIONS_PER_CRITICAL_CRITERION = 15
QUESTION_KINDS_PER_CRITERION = 3

# Nobody reads more words of a lesson in a row without something to do.
WORDS_BEFORE_SOMETHING_TO_DO = 300

# A course's sentences have a median length between these, and none has more words than the longest.
SENTENCE_LENGTH_MEDIAN = (15, 18)
LONGEST_SENTENCE = 40

# A pattern among right answers that chance alone would give less often than this is reported.
CHANCE_OF_A_PATTERN = 0.05

# Two questions that share this much of their words, in the same order, count as one asked twice.
LIKENESS_OF_STEMS = 0.8

# Courses, documents and instruments are listed as due for review from so many days before their review date.
REVIEW_NOTICE_DAYS = 60

# What learners say of a course version is shown once this many have answered (domain brief: suppression under ten).
FEEDBACK_SHOWN_FROM = 10

# A staff feed that would let more than this share of the staff leave or move, in per cent, waits for a second person.
FEED_CHANGE_PERCENT = 10

# What a staff feed's file may be at most: bytes, unpacked bytes of a workbook, columns, characters in a cell.
FEED_MAX_BYTES = 400 * 1024 * 1024
FEED_MAX_UNPACKED_BYTES = 1024 * 1024 * 1024
FEED_MAX_COLUMNS = 200
FEED_MAX_CELL = 1_000

# The month in which the financial year begins: quarters are counted from it.
FINANCIAL_YEAR_STARTS_IN = 4

# A month or quarter that nobody closed is closed by itself so many working days after its end. None: only by hand.
PERIOD_CLOSES_AFTER_WORKING_DAYS = 10

# A file that was made for somebody is offered for so many days.
EXPORT_KEPT_DAYS = 7

# A session lasts at most so many days, and is planned at most so many days ahead. A series makes its sessions so many
# days before they take place.
SESSION_LONGEST_DAYS = 31
SESSION_FURTHEST_DAYS = 731
SESSIONS_MADE_AHEAD_DAYS = 180

# Reminders go out between these hours of the site's time zone, from the first until before the second.
REMINDER_HOURS = (7, 18)

# Figures of fewer people than this are hidden from whoever may not know them by name.
SMALLEST_GROUP_SHOWN = 5

# From these percentages on coverage is shown as nearly enough, and as enough.
COVERAGE_BANDS = (70, 90)

# A pack calls a criterion weak only when so many decisions on it fell into its days.
PACK_DECISIONS_TO_JUDGE_BY = 5

# A rule is approved by a second person, wherever there is one who may. Off: whoever makes it needs nobody.
RULES_NEED_APPROVAL = True
