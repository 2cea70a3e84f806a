from defib.diagnosis.causes.fusion_weight import fusion_weight
from defib.predictions import Table, summarise
from defib.predictions.test_made_up_tables import answers_of, labels_of, scores_of
from defib.records import Checkup
from defib.samples import run_of

LABELS = labels_of(1500, 12)
RGB = answers_of(LABELS, 12, 0.7, 1)


def opinion(rgb, pose, labels=LABELS):
    found = summarise(Table(file="a.npz", form="npz", scores={"rgb": rgb, "pose": pose}, labels=labels))
    return fusion_weight(run_of({"val/top1": [20.0]}, predictions=found), Checkup())


def test_a_weak_stream_that_is_sure_of_itself_is_told_with_the_weight_that_would_do():
    found = opinion(scores_of(RGB, 12, 0.5), scores_of(answers_of(LABELS, 12, 0.3, 2), 12, 0.95))
    assert (found.standing, found.explains) == ("likely", ())
    hurts, weight = found.for_
    assert "RGB alone has" in hurts.measured.en
    assert "for RGB" in weight.measured.en
    assert "RGB 取权重" in weight.measured.zh
    assert 0.5 < weight.facts[0].value < 1


def test_a_stream_that_knows_nothing_should_be_left_out():
    found = opinion(scores_of(RGB, 12, 0.9), scores_of(labels_of(1500, 12, 9), 12, 0.95))
    assert found.standing == "likely"


def test_stays_quiet_where_fusing_helps_or_does_nothing():
    same = scores_of(RGB, 12)
    assert opinion(same, same) is None
    assert opinion(scores_of(RGB, 12, 0.9), scores_of(answers_of(LABELS, 12, 0.3, 2), 12, 0.4)) is None


def test_stays_quiet_on_two_streams_that_are_equally_good():
    for seed in range(20):
        one, two = (scores_of(answers_of(LABELS, 12, 0.5, seed + add), 12, 0.9) for add in (0, 100))
        assert opinion(one, two) is None


def test_stays_quiet_on_a_loss_that_chance_explains():
    for seed in range(20):
        labels = labels_of(60, 12, seed)
        one, two = (scores_of(answers_of(labels, 12, 0.6 - add, seed + 9), 12, 0.9 + add) for add in (0, 0.05))
        assert opinion(one, two, labels) is None


def test_stays_quiet_where_the_labels_of_a_stream_are_shifted_since_no_weight_cures_that():
    assert opinion(scores_of(RGB, 12, 0.5), scores_of((RGB + 1) % 12, 12, 0.95)) is None


def test_stays_quiet_on_few_samples_on_one_stream_and_without_predictions():
    assert opinion(scores_of(RGB, 12, 0.5)[:29], scores_of((RGB + 5) % 12, 12)[:29], LABELS[:29]) is None
    one = summarise(Table(file="a", form="npz", scores={"rgb": scores_of(RGB, 12)}, labels=LABELS))
    assert fusion_weight(run_of({"val/top1": [20.0]}, predictions=one), Checkup()) is None
    assert fusion_weight(run_of({"val/top1": [20.0]}), Checkup()) is None


def test_a_stream_that_hurts_at_every_weight_is_to_be_left_out():
    found = opinion(scores_of(RGB, 12, 0.1), scores_of(labels_of(1500, 12, 9), 12, 0.95), RGB)
    assert "leave Pose out" in found.for_[1].measured.en
    assert "不要融合" in found.for_[1].measured.zh
    assert found.for_[1].facts[0].value == 1
