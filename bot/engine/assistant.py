"""The assistant: a trained model, its actions in this process, its conversations in a database."""

from pathlib import Path

from rasa.core.agent import Agent
from rasa.core.lock_store import InMemoryLockStore

from bot.engine.conversations import ConversationStore
from bot.engine.in_process import InProcessActions


def load_assistant(model: Path, conversations_url: str) -> Agent:
    """The assistant of a model.

    Rasa wraps every tracker store in one that falls back to memory when the database fails, and
    says nothing: here a failed write is an error, and the channel says so.
    """
    agent = Agent.load(
        str(model), action_endpoint=InProcessActions(), lock_store=InMemoryLockStore()
    )
    if agent.processor is None:
        raise RuntimeError(f"{model} is not a usable model.")
    store = ConversationStore(domain=agent.domain, host=conversations_url)
    agent.tracker_store = store
    agent.processor.tracker_store = store
    return agent
