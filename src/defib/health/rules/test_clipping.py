from defib.health.rules.clipping import clipping
from defib.samples import healthy, run_of

NAN = float("nan")


def with_limit(limit):
    return {"optim_wrapper": {"clip_grad": {"max_norm": limit}}}


def by_norm(norms, limit=1.0):
    run = run_of({"train/grad_norm": norms, "val/top1": [1.0]}, config=with_limit(limit))
    return [(one.severity, one.onset.epoch, one.cleared and one.cleared.epoch) for one in clipping(run)]


def test_most_norms_above_the_limit_are_a_note():
    assert by_norm([3.0] * 60) == [("note", 1.0, None)]


def test_the_limit_is_among_the_facts():
    (symptom,) = clipping(run_of({"train/grad_norm": [3.0] * 60}, config=with_limit(1.0)))
    assert [fact.metric for fact in symptom.facts] == ["train/grad_norm", "train/grad_norm", "clip"]
    assert "100% of 50" in symptom.says.en


def test_the_logged_share_counts_where_there_is_one():
    (symptom,) = clipping(run_of({"train/clipped": [80.0] * 50}))
    assert symptom.size == 80.0
    assert "80%" in symptom.says.zh


def test_it_is_over_when_norms_fall_below_the_limit():
    assert by_norm([3.0] * 60 + [0.5] * 60) == [("note", 1.0, 98.0)]


def test_stays_quiet_on_large_gradients_in_the_first_steps():
    assert by_norm([9.0] * 20 + [0.5] * 100) == []


def test_stays_quiet_on_outliers():
    assert by_norm([9.0 if step % 3 == 0 else 0.5 for step in range(200)]) == []


def test_stays_quiet_on_a_limit_that_never_acts():
    assert by_norm([3.0] * 100, limit=40.0) == []


def test_stays_quiet_on_a_share_below_half():
    assert clipping(run_of({"train/clipped": [45.0] * 100})) == ()


def test_values_that_are_not_finite_do_not_count():
    assert by_norm([NAN] * 60 + [0.5] * 30) == []


def test_stays_quiet_on_fewer_than_fifty_values():
    assert by_norm([3.0] * 49) == []


def test_cannot_look_without_a_limit():
    assert "limit" in clipping.unseen(healthy()).en
    assert "limit" in clipping.unseen(run_of({"train/grad_norm": [1.0]}, config=with_limit(None))).en


def test_cannot_look_without_a_norm():
    assert "train/grad_norm" in clipping.unseen(run_of({"train/loss": [1.0]}, config=with_limit(1.0))).en
