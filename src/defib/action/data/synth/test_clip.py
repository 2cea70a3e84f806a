"""Made-up people act out every class, before three cameras, and an estimator says where their joints are."""

import numpy as np
import pytest

from defib.action.data.synth import clip as clips
from defib.action.data.synth import people, things
from defib.action.data.synth.classes import ACTS, chosen, taxonomy
from defib.action.data.synth.estimate import Errors, estimate
from defib.action.data.synth.performance import mirrored
from defib.action.data.synth.skeleton import COCO, JOINTS
from defib.action.taxonomy import ntu60_tree8

SIZE, LENGTHS = (320, 180), (40, 60)
NONE = Errors(jitter=0, wander=0, missed=0, exchanged=0, lost=0)


def staged(act, *, person=1, camera=2, repeat=1, seed=0, errors=NONE):
    take = clips.Take(seed=seed, person=person, repeat=repeat, camera=camera, people=8)
    return clips.stage(act, take, size=SIZE, lengths=LENGTHS, errors=errors)


def test_there_are_the_60_classes_of_ntu_in_eight_groups():
    assert [act.number for act in ACTS] == list(range(60))
    assert tuple(act.name.en for act in ACTS) == ntu60_tree8().fine
    assert all(any("一" <= letter <= "鿿" for letter in act.name.zh) for act in ACTS)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name.en)
def test_every_class_is_acted_within_the_picture(act):
    made = staged(act)
    assert np.isfinite(made.points).all()
    assert len(made.actors) == (2 if act.number >= 49 else 1)
    inside = ((made.points >= 0) & (made.points < np.array(SIZE))).all(-1)
    assert inside.mean() > 0.95  # hands of somebody who falls towards the camera leave it


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name.en)
def test_somebody_moves_in_every_class(act):
    joints = staged(act).actors[0].joints
    assert (joints.max(0) - joints.min(0)).max() > 0.03  # metres


def test_drinking_and_eating_differ_in_the_picture_alone():
    drink, eat = (staged(ACTS[number]) for number in (0, 1))
    assert ACTS[0].moves.right == ACTS[1].moves.right
    assert ACTS[0].moves.held != ACTS[1].moves.held
    assert drink.actors[0].moves.waves == eat.actors[0].moves.waves


def test_cameras_film_one_performance():
    one, other = (staged(ACTS[22], camera=camera) for camera in (1, 3))
    assert np.array_equal(one.actors[0].joints, other.actors[0].joints)
    assert not np.allclose(one.points, other.points)


def test_repeats_differ_and_persons_keep_their_build():
    one, other = (staged(ACTS[22], repeat=repeat) for repeat in (1, 2))
    assert one.actors[0].subject == other.actors[0].subject
    assert one.actors[0].joints.shape != other.actors[0].joints.shape or not np.allclose(
        one.actors[0].joints, other.actors[0].joints
    )


def test_an_estimator_without_errors_sees_the_projection():
    made = staged(ACTS[22])
    true, _ = made.camera.seen(made.actors[0].joints[:, COCO])
    assert np.allclose(made.points[0], true)


def test_errors_of_the_estimator_grow_as_told():
    made, chance = staged(ACTS[22]), people.stream(0)
    true = made.points[0]
    off = [
        np.abs(estimate(made.actors[0], made.camera, Errors(jitter=share, missed=0, exchanged=0, lost=0, wander=0), chance)[0] - true).mean()
        for share in (0.005, 0.02)
    ]  # fmt: skip
    assert 3 < off[1] / off[0] < 5


def test_a_lost_person_is_zeros_with_score_zero():
    found, score = estimate(*_actor(), Errors(lost=1.0), people.stream(0))
    assert not found.any()
    assert not score.any()


def _actor():
    made = staged(ACTS[22])
    return made.actors[0], made.camera


def test_mirroring_twice_is_the_same_posture():
    joints = staged(ACTS[6]).actors[0].joints
    assert np.allclose(mirrored(mirrored(joints)), joints)
    assert not np.allclose(mirrored(joints), joints)


def test_the_waving_hand_is_the_right_one_of_a_right_handed_person():
    for person in range(1, 40):
        actor = staged(ACTS[22], person=person).actors[0]
        height = {side: np.ptp(actor.joints[:, JOINTS[f"{side}_hand"], 1]) for side in "lr"}
        assert (height["l"] > height["r"]) == actor.subject.left_handed


def test_a_thing_stays_in_the_hand_and_falls_when_it_is_let_go():
    drinks, drops = staged(ACTS[0]).actors[0], staged(next(act for act in ACTS if act.moves.held_until < 1 and act.moves.held == "ball")).actors[0]  # fmt: skip
    hand = JOINTS["l_hand" if drinks.mirrored else "r_hand"]
    assert np.allclose(things.path(drinks), drinks.joints[:, hand])
    assert things.path(drops)[-1, 1] == pytest.approx(things.LYING)


@pytest.mark.parametrize("act", [ACTS[0], ACTS[13], ACTS[18], ACTS[49], ACTS[58]], ids=lambda act: act.name.en)
def test_frames_are_drawn_where_the_joints_are(act):
    made = staged(act)
    first, last = clips.frames(made, [0, made.points.shape[1] - 1])
    assert first.shape == (180, 320, 3)
    assert first.dtype == np.uint8
    empty = made.room
    changed = np.abs(first.astype(int) - empty).max(-1) > 40
    rows, columns = np.nonzero(changed)
    seen = made.points[:, 0].reshape(-1, 2)
    assert abs(columns.mean() - seen[:, 0].mean()) < 25
    assert abs(rows.mean() - seen[:, 1].mean()) < 30
    assert not np.array_equal(first, last)


def test_a_small_set_has_the_groups_that_it_needs():
    ten = taxonomy(10)
    assert [act.name.en for act in chosen(10)] == list(ten.fine)
    assert set(ten.groups) == set(range(len(ten.coarse)))
    assert not ten.published
    assert taxonomy(60).fine == ntu60_tree8().fine


def test_a_clip_is_named_as_ntu_names_it():
    take = clips.Take(seed=0, person=5, repeat=2, camera=3, people=8)
    assert take.name(12) == "S002C003P005R002A013"
