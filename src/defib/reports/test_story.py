import msgspec

from defib.records import Cause
from defib.reports.overview import top_cause
from defib.reports.story import causes, groups, incident, ruled_out
from defib.reports.test_made_up_cases import seed
from defib.words import same


def cause(name, standing, *explains):
    return Cause(cause=name, standing=standing, says=same(name), explains=explains)


SLOW = cause("slow", "likely", "never_learned")
RATE = cause("rate", "possible", "collapse")
TRAP = cause("trap", "likely")
NOT = cause("not", "ruled-out", "collapse")


def test_what_may_have_set_off_the_fall_stands_before_what_explains_none():
    case = seed(causes=(TRAP, SLOW, NOT, RATE))
    first, second = groups(case)
    assert [one.cause for one in first.causes] == ["rate"]
    assert [one.cause for one in second.causes] == ["slow", "trap"]
    assert "set off the fall" in first.title.en
    assert "不能解释这次下跌" in second.title.zh
    assert [one.cause for one in causes(case)] == ["rate", "slow", "trap", "not"]
    assert ruled_out(case) == [NOT]
    assert top_cause(case) == same("rate")


def test_without_an_open_incident_all_are_one_group_without_a_title():
    healthy = msgspec.structs.replace(seed().checkup, incident=None)
    (only,) = groups(seed(causes=(RATE, SLOW), checkup=healthy, verdict="watch"))
    assert only.title is None
    assert [one.cause for one in only.causes] == ["slow", "rate"]
    assert groups(seed(causes=(NOT,))) == ()


def test_where_a_person_must_act_the_fault_comes_first():
    (only,) = groups(seed(causes=(RATE, SLOW), verdict="escalate"))
    assert only.causes[0] == SLOW


def test_the_fall_is_told_once():
    assert incident(seed()) is None
    assert "nothing since has come back" in incident(seed(verdict="escalate")).en
