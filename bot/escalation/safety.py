"""General public-safety advice. It is the program's own: no policy but Berkshire's names 999."""

from bot.policy.model import Policy

CALL_999 = (
    "If someone is in immediate danger, call 999 now and ask for the police or an ambulance. "
    "Then tell your safeguarding lead or your manager. Do not wait for an escalation."
)
GENERAL_ADVICE = f"{CALL_999} (This is general safety advice, not part of the policy.)"


def advice_of(policy: Policy) -> str:
    """What to do at immediate danger; called general advice unless the policy itself names 999."""
    named = any(step.names_999 for step in policy.routes.imminent)
    return CALL_999 if named else GENERAL_ADVICE
