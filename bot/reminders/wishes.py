"""What a message about reminders plainly wishes. What it does not plainly say is not guessed.

A wish that cannot be met is told apart from one that can, so that nobody believes in a reminder
that will never come.
"""

import re
from typing import Literal

from bot.escalation.references import names_a_case
from bot.escalation.said import plainly

Wish = Literal[
    "show", "mail", "manager", "no_manager", "stop", "tomorrow",
    "own_time", "own_way", "others", "one_case",
]  # fmt: skip
LONGEST = 16
"""Words of a message that is taken at its word; a longer one is only answered."""

_KNOWING = re.compile(
    r"^(?:hi |hello |please )?(?:who|whos|whose|what|whats|when|whens|why|how|which|where|"
    r"do(?! not)|does|did|is(?! it possible| there)|are|am(?! i able)|was|were|has|have|will)\b"
)
# What I do anyway is no time of their own.
_AS_IT_IS = re.compile(
    r"\b(?:the |a |one |1 )?(?:working )?day (?:be|a)fore\b|\bon the day(?: itself)?\b|"
    r"\b(?:when(?:s|ever)?|the day) (?:its |it is |they are |theyre )?due\b|"
    r"\bworking (?:days|hours) only\b|\bonly on working days\b"
)
_OWN_TIME = re.compile(
    r"\b(?:mon|tue|tues|wed|weds|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:days?)?\b|"
    r"\b(?:tomorrow|tonight|today|later|early|noon|midday|oclock|mornings?|evenings?|afternoons?|"
    r"nights?|lunch(?:time)?|dinner(?:time)?|tea ?time|weekends?|weekdays?|fortnight|daily|weekly|"
    r"monthly|digest|snooze|paus(?:e|ed|ing)|till|until|unless|if|half term|holidays?|christmas|"
    r"easter|new year|twice|quiet hours)\b|"
    r"\b(?:every|each|next|this|first|last) (?:\w+ )?(?:day|week|month|morning|time|working)\b|"
    r"\b(?:an?|\d+|one|two|three|four|five|six|seven|ten|few|couple of) (?:working )?"
    r"(?:minutes?|hours?|days?|weeks?|months?)\b|"
    r"\b(?:minutes?|hours?|days?|weeks?|months?) (?:notice|later|earlier|between)\b|"
    r"\b(?:at|before|after) "
    r"(?:\d|half|quarter|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)|"
    r"\bwhen they\b|"
    r"\b\d{1,2}(?:st|nd|rd|th|am|pm)\b|\bonce (?:will|is)\b|\bone reminder\b|"
    r"\bremind(?:er|ed)? (?:me |us )?to\b|\bremind me of\b|\bonly\b.*\b(?:overdue|late|past|miss)"
)
_TOMORROW = re.compile(
    r"^(?:(?:please|ok|yes|no|not now|later|can you|could you|just) )*remind me "
    r"(?:(?:again|(?:of|about) (?:it|this|that)) )*"
    r"(?:tomorrow(?: morning)?|(?:on )?the next working day)"
    r"(?: (?:again|instead|please|thanks|thank you|ta))*$"
)
_OWN_WAY = re.compile(
    r"\b(?:text (?:me|us|message)|(?:as a|by|via) text|sms|whatsapp|"
    r"(?:phone|push) notifications?|(?:ring|phone|call) (?:me|us)|(?:by|over the) phone|"
    r"g(?:ive|imme|ie) (?:me |us )?a (?:bell|ring|call)|teams message|in (?:welsh|polish|urdu))\b"
)
_OTHERS = re.compile(
    r"\b(?:health visitors?|social workers?|named nurse|nurse|designated|safeguarding lead|deputy|"
    r"the team|whole team|inspectors?|head of service|head ?teacher|principal|colleagues?|"
    r"both of us|all of us|everyone|everybody|chair|other agency|other side|council|police|"
    r"whoever|acting head|the head)\b"
)
_MANAGER = re.compile(r"\b(?:manager|boss|supervisor)\b")
_LEAVE_OUT = re.compile(
    r"\b(?:leave|take|keep|remove|drop|stop|no longer|dont|do not|not|no)\b.*"
    r"\b(?:manager|boss|supervisor)\b"
)
_STOP = re.compile(
    r"\b(?:stop|cease|cancel|unsubscribe|mute|quit|disable|end)\b|\bno (?:more|longer)\b|"
    r"\bno (?:emails?|mails?|reminders?)\b|\b(?:dont|do not|not) (?:e?mail|remind|nag)|"
    r"\b(?:turn|turned|switch|switched|shut)\b.*\boff\b|\b(?:reminders?|emails?|mails?) off\b|"
    r"\boff the reminders\b|\bno need to\b"
)
_GO_ON = re.compile(r"\b(?:dont|do not|never|not) (?:\w+ )?stop")
_MAIL = re.compile(r"\b(?:emails?|mails?|emailed|mailed|emailing|mailing)\b")
_THIS_ONE = re.compile(
    r"\b(?:this|that) (?:one|case|escalation)\b|\ball (?:\w+ ){0,3}(?:bar|but)\b"
)


def wish_in(text: str) -> Wish:
    """What is wished: `show` where only to know how one is reminded, or nothing plain."""
    words = " ".join(word for word in text.split() if "@" not in word)  # "boss@" wishes nothing
    said = plainly(words).replace("e mail", "email")
    if _KNOWING.search(said):
        return "show"
    if _TOMORROW.search(said):
        return "tomorrow"
    if _OWN_WAY.search(said):
        return "own_way"
    if _OWN_TIME.search(_AS_IT_IS.sub(" ", said)):
        return "own_time"
    if _OTHERS.search(said):
        return "others"
    if _STOP.search(said) and not _GO_ON.search(said) and _is_of_one(text, said):
        return "one_case"
    if len(said.split()) > LONGEST or _GO_ON.search(said):
        return "show"
    if _LEAVE_OUT.search(said):
        return "no_manager"
    if _STOP.search(said):
        return "stop"
    if _MANAGER.search(said):
        return "manager"
    return "mail" if _MAIL.search(said) else "show"


def _is_of_one(text: str, said: str) -> bool:
    """Whether one escalation is meant, or all but one."""
    return names_a_case(text) or bool(_THIS_ONE.search(said))
