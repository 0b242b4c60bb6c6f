"""Two hundred conversations at once: nobody waits for a 202, nobody hears another's words."""

from concurrent.futures import ThreadPoolExecutor

from running_guide import BEGIN
from teams_guide import Practitioner, all_words, of_person

MANY = 200
SECONDS_TO_ACKNOWLEDGE = 15.0


def test_two_hundred_conversations_at_once(guide, shared_microsoft, person):
    person.step(">hello")  # it is open, and knows Microsoft's keys
    people = [
        Practitioner(shared_microsoft, guide.address, guide=guide, seconds_patient=300)
        for _ in range(MANY)
    ]
    with ThreadPoolExecutor(MANY) as crowd:
        list(crowd.map(lambda person: person.install(), people))
        list(crowd.map(lambda person: person.settled(0.5), people))
        list(crowd.map(lambda person: person.say("hello"), people))
        list(crowd.map(lambda person: person.settled(0.5), people))
        list(crowd.map(lambda person: person.tap(BEGIN[0]), people))
        list(crowd.map(lambda person: person.settled(0.5), people))
    slowest = max(each.seconds for person in people for each in person.deliveries)
    assert slowest < SECONDS_TO_ACKNOWLEDGE
    assert all(each.statuses == [202] for person in people for each in person.deliveries)
    expected = all_words(people[0])
    assert len(expected) >= 4
    assert [all_words(person) for person in people] == [expected] * MANY
    assert all(len(of_person(guide, person, "teams_reference")) == 1 for person in people[:5])
