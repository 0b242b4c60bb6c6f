"""kill -9 where records and conversations are in PostgreSQL; the walks are there in their file."""

import pytest
from chats import Fault
from test_teams_kill import of, ready, record, recorded_once, start_again_once_dead, undisturbed

pytestmark = pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True, scope="module")
__all__ = ["ready", "undisturbed"]


def test_killed_before_the_card_is_replaced_it_goes_on_where_it_was(
    guide, shared_microsoft, ready, undisturbed
):
    shared_microsoft.connector.fail(
        Fault(kind="drop", of=of(ready, "message", "PUT"), then=guide.kill_all)
    )
    record(ready)
    start_again_once_dead(guide)
    recorded_once(guide, ready, undisturbed)
