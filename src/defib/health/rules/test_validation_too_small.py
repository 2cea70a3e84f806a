import msgspec

from defib.health.rules.validation_too_small import validation_too_small
from defib.samples import healthy, run_of

HITS = (0.31, 0.42, 0.47, 0.55, 0.58, 0.61, 0.6, 0.63, 0.62, 0.64)


def scores(samples, count=10):
    return [100.0 * round(share * samples) / samples for share in HITS[:count]]


def run(values, key="val/top1"):
    return run_of({key: values})


def test_fires_on_a_set_of_a_hundred_samples():
    (symptom,) = validation_too_small(run(scores(96)))
    assert (symptom.severity, symptom.record, round(symptom.size, 1)) == ("note", 7, 5.1)
    assert "about 96 samples" in symptom.says.en
    assert "96 个样本" in symptom.says.zh


def test_errors_count_samples_too():
    wrong = [100.0 - value for value in scores(96)]
    assert [one.severity for one in validation_too_small(run(wrong, "val/error1"))] == ["note"]


def test_a_later_score_does_not_change_what_was_said():
    shorter = validation_too_small(run(scores(96, 8)))
    assert [one.says for one in validation_too_small(run(scores(96)))] == [one.says for one in shorter]


def test_stays_quiet_from_five_hundred_samples_on():
    for samples in (501, 997, 1680, 4999):
        assert validation_too_small(run(scores(samples))) == ()


def test_stays_quiet_where_the_noise_is_below_three_points():
    assert validation_too_small(run(scores(301))) == ()


def test_scores_of_two_decimals_do_not_say():
    assert "rounded" in validation_too_small.unseen(run([round(value, 2) for value in scores(96)])).en


def test_too_few_evaluations_do_not_say():
    assert "eight" in validation_too_small.unseen(run(scores(96, 7))).en


def test_too_few_different_scores_do_not_say():
    assert "different" in validation_too_small.unseen(run([100.0 * 20 / 96] * 12)).en


def test_a_precision_counts_no_samples():
    assert "samples" in validation_too_small.unseen(run(scores(96), "val/map")).en


def test_a_loss_counts_no_samples():
    assert "samples" in validation_too_small.unseen(run([2.0, 1.0], "val/loss")).en


def test_cannot_look_without_evaluations():
    assert validation_too_small.unseen(run_of({"train/loss": [1.0]})) is not None


def test_stays_quiet_on_a_healthy_run_whose_values_are_no_shares():
    many = msgspec.structs.replace(healthy(40), classes=60)
    assert validation_too_small.unseen(many) is not None
