"""What the buttons of a case ask for; each carries the reference of its case."""

from collections.abc import Mapping

from bot.documents.asked import KINDS, Kind
from bot.reminders.words import ANSWERS, MET, NOT_AGREED

STATUS, REPORT, UNDO, UNDO_NOW = "case_status", "case_report", "case_undo", "case_undo_now"
AMEND, FILES = "case_amend", "case_files"
FORM_TAP = "case_file_form"
FILE_TAPS: Mapping[str, tuple[Kind, ...]] = {
    FILES: (),
    **{f"case_file_{kind}": (kind,) for kind in KINDS},
}
"""Each with the files that it asks for; none stands for all of them."""
VERSION, VERSION_KEEP, VERSION_TAKE = "case_version", "case_version_keep", "case_version_take"
VERSION_TAPS = (VERSION, VERSION_KEEP, VERSION_TAKE)
"""Each carries the label of the newer version too."""
TAPS = (STATUS, REPORT, AMEND, UNDO, UNDO_NOW, *VERSION_TAPS, *FILE_TAPS, *ANSWERS)
"""An answer to a reminder carries its limit too."""
INTO_A_CASE = (REPORT, AMEND, MET, NOT_AGREED)
"""What asks questions of its own: a walk is put aside for it. The others leave it where it is."""
ALTERS_A_CASE = (UNDO, UNDO_NOW, VERSION_KEEP, VERSION_TAKE)
"""What would change a case under a report of it that is half told."""
DRAFT = "draft"
"""About a walk that was put aside or stopped: its values are the ids of drafts."""
REMINDERS = "reminders"
"""About the person, not a case: its values are wishes."""
