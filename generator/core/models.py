"""The values that flow through Daybook: frozen, typed, with no behaviour beyond their meaning."""

from generator.core.days import CategoryRun, Day, FeedState, Match, Row, Run
from generator.core.ids import ArxivId
from generator.core.papers import (
    TYPE_PRECEDENCE,
    Announcement,
    AnnounceType,
    Author,
    Listing,
    Paper,
)
from generator.core.summaries import (
    Batch,
    BatchItem,
    FailureReason,
    Summary,
    SummaryFailure,
    SummaryKey,
    Usage,
)

# Where the project looks for them.
__all__ = [
    "TYPE_PRECEDENCE",
    "AnnounceType",
    "Announcement",
    "ArxivId",
    "Author",
    "Batch",
    "BatchItem",
    "CategoryRun",
    "Day",
    "FailureReason",
    "FeedState",
    "Listing",
    "Match",
    "Paper",
    "Row",
    "Run",
    "Summary",
    "SummaryFailure",
    "SummaryKey",
    "Usage",
]
