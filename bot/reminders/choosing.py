"""Choosing reminders by mail, question by question, and what is shown before and after.

The address goes where it must, and nowhere else: what is only shown is shown with it masked.
"""

from collections.abc import Sequence

from bot.cards.card import Card, Row
from bot.escalation.answers import Answered, NotAnAnswer, Parsed
from bot.escalation.questions import SKIPPED, Choice, Question
from bot.escalation.said import NO, plainly
from bot.records.mailboxes import AddressError, Mailbox, check_address
from bot.reminders.due import Pace
from bot.reminders.hours import CLOSES, OPENS
from bot.wording.dates import plural

Answers = Sequence[tuple[str, str]]
ADDRESS_FACT, MANAGER_FACT, CHECK_FACT = "mail_address", "mail_manager", "check"
KEPT = "kept"
"""The address that was chosen before: it need not be said, or written down, again."""
LEAVE, YES = "leave", "yes"
ONLY_ME = NO | {"skip", "skip this", "pass", "just me", "only me", "leave it", "none"}
LEAVE_IT = NO | {"skip", "skip this", "leave it", "never mind", "nevermind", "none", "i dont know"}
AROUND = "<>()[]{},;:.!?\"'“”‘’"
"""What may stand around an address in a sentence."""

ADDRESS = Question(
    fact=ADDRESS_FACT,
    kind="text",
    ask="Which e-mail address shall I send your reminders to? Use one for work.",
    why="Reminders go there before and after a time limit ends. Nothing else does.",
    choices=(Choice(LEAVE, "Leave it"),),
)
MANAGER = Question(
    fact=MANAGER_FACT,
    kind="text",
    ask="What is your manager's e-mail address? They then get the same reminders.",
    why="Somebody else then knows of the date if you are away.",
    choices=(Choice(SKIPPED, "Skip: only to me"),),
)
CHECK = Question(
    fact=CHECK_FACT,
    kind="choice",
    ask="Shall I send e-mail like this?",
    why="An address with one wrong letter may be somebody else's.",
    choices=(Choice(YES, "Yes, send e-mail"), Choice("no", "No, leave it as it was")),
)
WHOSE = {ADDRESS_FACT: "Your address", MANAGER_FACT: "Your manager's address"}
LATER = (
    "Once a date is near or past, say “remind me tomorrow”: I then remind you on the next working "
    "day and not before. The date does not move, and your manager's reminders come as usual."
)
TOLD = "The reference, the stage and the date. No name of a child, and none of your own words."


def next_mail_question(answers: Answers) -> Question | None:
    """The question to ask now, or None when everything is said, or it is to be left."""
    given = dict(answers)
    if ADDRESS_FACT not in given:
        return ADDRESS
    if given[ADDRESS_FACT] == LEAVE:
        return None
    if MANAGER_FACT not in given:
        return MANAGER
    return None if CHECK_FACT in given else CHECK


def read_address(asked: Question, raw: str, own: str | None) -> Parsed:
    """The address in what was said; `own` is the person's, which cannot be the manager's too."""
    said = raw.strip()
    if asked.choice(said) is not None:
        return Answered(said)
    way_out = asked.choices[0]
    left = LEAVE_IT if asked.fact == ADDRESS_FACT else ONLY_ME
    if plainly(said) in {*left, plainly(way_out.label)}:
        return Answered(way_out.value)
    found = addresses_in(said)
    whose = WHOSE[asked.fact]
    if not found:
        return NotAnAnswer(
            f"{whose} was not in your message. Please type it whole, such as name@school.example."
        )
    if len(found) > 1:
        return NotAnAnswer(
            f"I found {len(found)} addresses in your message. {whose} must be one, such as "
            "name@school.example."
        )
    try:
        check_address(found[0])
    except AddressError:
        return NotAnAnswer(
            f"{whose} cannot be used as you typed it. An address looks like name@school.example: "
            "no spaces, no accents, and something like .uk or .org at its end."
        )
    if asked.fact == MANAGER_FACT and own is not None and found[0].casefold() == own.casefold():
        return NotAnAnswer("That is your own address. Please give your manager's, or skip this.")
    return Answered(found[0])


def addresses_in(text: str) -> list[str]:
    """What looks as if an address was meant, without what stands around it in a sentence."""
    words = (word.strip(AROUND).removeprefix("mailto:") for word in text.split())
    return list(dict.fromkeys(word for word in words if "@" in word))


def masked(address: str) -> str:
    """Enough of an address to know it again: m…@school.example."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"


def mail_card(answers: Answers, pace: Pace) -> Card:
    """What will happen once this is confirmed, with the addresses in full to be checked."""
    given = dict(answers)
    own, manager = given[ADDRESS_FACT], given[MANAGER_FACT]
    others = (
        Row("Your manager", "They get none.")
        if manager == SKIPPED
        else Row("Your manager", f"{manager}. Please tell them that you gave it to me.")
    )
    return Card(
        title="Is this right?",
        rows=(
            Row("Your address", "The one you gave before" if own == KEPT else own),
            others,
            Row("For", "All your escalations"),
            Row("When", say_pace(pace)),
            Row("What the e-mails say", TOLD),
            Row(
                "How long I keep it",
                "Until you say “stop the e-mail”. I then delete it from the records. "
                "What you typed stays in this conversation.",
            ),
        ),
    )


def reminders_card(mailbox: Mailbox | None, pace: Pace, *, by_mail: bool) -> Card:
    """How a person is reminded now."""
    return Card(
        title="How I remind you",
        rows=(
            Row(
                "In this conversation",
                "Always: when you say hello, or ask for your escalations. "
                "That cannot be switched off.",
            ),
            Row("By e-mail", _say_own(mailbox, by_mail=by_mail)),
            Row("Your manager", _say_manager(mailbox, by_mail=by_mail)),
            Row("Anyone else", "Nobody. The other agency gets no reminders from me."),
            Row("When", say_pace(pace)),
            Row("Not now?", LATER),
            Row("What the e-mails say", TOLD),
        ),
    )


def say_pace(pace: Pace) -> str:
    """When reminders come, in a sentence or two."""
    return (
        f"{plural(pace.days_before, 'working day')} before a date, on the day, once it has passed, "
        f"and every {plural(pace.days_between, 'working day')} after that while it is open. "
        f"Only Monday to Friday from {OPENS:%H:%M} to {CLOSES:%H:%M}, and never on a bank holiday."
    )


def _say_own(mailbox: Mailbox | None, *, by_mail: bool) -> str:
    chosen = f"To {masked(mailbox.address)}." if mailbox else "You have not chosen it."
    if by_mail:
        return chosen
    return f"{chosen} I cannot send e-mail here, because no mail server is set up for me."


def _say_manager(mailbox: Mailbox | None, *, by_mail: bool) -> str:
    if mailbox is None or mailbox.to_manager is None:
        return "Gets no reminders."
    gets = "Gets the same e-mails" if by_mail else "Would get the same e-mails"
    return f"{gets}, at {masked(mailbox.to_manager)}."
