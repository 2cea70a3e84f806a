from defib.health.rules.lr_dead import lr_dead
from defib.samples import healthy, run_of


def found(rates, epochs=100):
    return lr_dead(run_of({"train/lr": rates, "val/top1": [1.0]}, config={"train_cfg": {"max_epochs": epochs}}))


def test_a_rate_of_zero_with_most_of_the_run_to_go_is_a_watch():
    (symptom,) = found([0.1, 0.1, 0.01, *[0.0] * 8])
    assert (symptom.severity, symptom.onset.epoch) == ("watch", 4.0)
    assert "0.1" in symptom.says.en


def test_the_tail_of_a_cosine_is_quiet():
    assert found([0.1] * 9 + [1e-6] * 4, epochs=13) == ()


def test_a_warm_up_from_next_to_nothing_is_quiet():
    assert found([1e-7, 1e-6, 1e-5, 0.01, 0.1, 0.1]) == ()


def test_step_decay_is_quiet():
    assert found([0.1, 0.1, 0.01, 0.01, 0.001, 0.001, 0.0001, 0.0001]) == ()


def test_cannot_look_without_a_known_length():
    assert "number of epochs" in lr_dead.unseen(healthy()).en
