"""Two hundred conversations at once: nobody waits 15 s for a 202, or hears another's words."""

from concurrent.futures import ThreadPoolExecutor

from running_guide import BEGIN
from teams_guide import Practitioner, all_words, of_person

MANY = 200


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
    deliveries = [each for person in people for each in person.deliveries]
    assert all(each.taken for each in deliveries)
    # on a busy machine a few wait longer; Teams sends those again, and they are answered once too
    assert sum(each.statuses == [202] for each in deliveries) >= 0.95 * len(deliveries)
    expected = all_words(people[0])
    assert len(expected) >= 4
    assert [all_words(person) for person in people] == [expected] * MANY
    assert all(len(of_person(guide, person, "teams_reference")) == 1 for person in people[:5])
