import pytest

from defib.alerting.news import Told, news
from defib.records import Case, Checkup, Fact, Incident, Point, Symptom
from defib.samples import run_of
from defib.words import same


def case(verdict="healthy", onset=None, best=None, *, stalled=False):
    symptoms = ()
    if stalled:
        symptoms = (
            Symptom(rule="stalled", metric="val/top1", severity="watch", onset=Point(epoch=9.0), record=9, says=same("nothing was written for 3 hours")),
        )  # fmt: skip
    incident = None
    if onset is not None:
        at = Point(epoch=onset - 1 if best is None else best)
        incident = Incident(
            key="val/top1", onset=Point(epoch=onset), rule="x", best=Fact(metric="val/top1", value=57.0, at=at)
        )
    run = run_of({"val/top1": [1.0]}, path="/w/my_run")
    return Case(run=run, checkup=Checkup(symptoms=symptoms, incident=incident), verdict=verdict, says=same("it fell"))


def told(*cases):
    """All that is told of a run that looks like this, one after the other."""
    state, found = Told(), []
    for one in cases:
        messages, state = news(one, state)
        found += messages
    return found


def test_one_message_for_an_incident_and_one_when_it_is_over():
    found = told(case(), *[case("rescue", 12.0)] * 50, case(), case())
    assert [one.kind for one in found] == ["opened", "cleared"]
    opened, cleared = found
    assert (opened.title.en, opened.title.zh) == ("my_run: needs a rescue", "my_run：需要修复")
    assert "it fell" in opened.body.en
    assert "defib rescue /w/my_run" in opened.body.zh
    assert cleared.title.zh == "my_run：已恢复正常"
    assert "since epoch 12 is over" in cleared.body.en
    assert "自第 12 轮开始的问题已结束" in cleared.body.zh


def test_another_verdict_is_told_once_and_another_incident_too():
    found = told(case("rescue", 12.0), case("escalate", 12.0), case("escalate", 12.0))
    assert [one.kind for one in found] == ["opened", "changed"]
    assert found[1].title.zh == "my_run：现在为需要人工检查"
    found = told(case("rescue", 12.0), case("rescue", 20.0, best=15.0), case("rescue", 20.0, best=15.0))
    assert [one.kind for one in found] == ["opened", "opened"]


def test_a_fault_of_the_validation_says_to_leave_it_running():
    (one,) = told(case("leave-running", 12.0))
    assert "leave it running" in one.title.en
    assert "defib diagnose /w/my_run" in one.body.en


def test_a_stall_and_its_end():
    found = told(case(), case(stalled=True), case(stalled=True), case())
    assert [one.kind for one in found] == ["stalled", "went on"]
    assert "nothing is written any more" in found[0].title.en
    assert "不再有任何写入" in found[0].title.zh
    assert (found[1].title.en, found[1].title.zh) == ("my_run: goes on", "my_run：已继续")


@pytest.mark.parametrize(
    "cases",
    [
        [case()] * 28,
        [case("watch"), case(), case("watch"), case("watch", 9.0), case()],
        [None, None, None],
        [case(), None, case()],
        [],
    ],
)
def test_it_stays_quiet_on(cases):
    assert told(*cases) == []


def test_a_run_that_can_not_be_judged_for_a_while_is_no_news():
    found = told(case("rescue", 12.0), None, None, case("rescue", 12.0))
    assert [one.kind for one in found] == ["opened"]


def test_an_onset_that_moves_a_little_is_no_other_incident():
    found = told(case("rescue", 12.0), case("rescue", 13.0, best=11.0))
    assert [one.kind for one in found] == ["opened"]
