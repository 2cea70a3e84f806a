"""A joint is drawn in both streams, augmented, and found again in both at the same place."""

import numpy as np
import pytest

from defib.action.data.config import JitterConfig, PipelineConfig
from defib.action.data.cropping import Rectangle, around, random_part
from defib.action.data.keypoints import COCO17, KINECT25, LAYOUTS, kinect_to_coco
from defib.action.data.pipeline import MEAN, STD, Poses, held_out, training
from defib.action.data.sampling import even_frames, random_frames

CONFIG = PipelineConfig(rgb_frames=2, pose_frames=8, size=128, test_size=128)
LEFT_WRIST, RIGHT_WRIST = 9, 10
SIZE = (360, 640)


def clip(video=1.0):
    """A body at rest with a red left and a green right wrist; the video is stored at a share of the poses' size."""
    points = np.zeros((1, 16, 17, 2), np.float32)
    points[:] = np.array([300, 150])
    points[0, :, 0], points[0, :, 15] = (300, 60), (320, 300)
    points[0, :, LEFT_WRIST], points[0, :, RIGHT_WRIST] = (360, 200), (250, 170)
    frame = np.zeros((round(SIZE[0] * video), round(SIZE[1] * video), 3), np.uint8)
    for joint, colour in ((LEFT_WRIST, 0), (RIGHT_WRIST, 1)):
        x, y = (int(one * video) for one in points[0, 0, joint])
        frame[y - 4 : y + 5, x - 4 : x + 5, colour] = 255
    return Poses(points, np.ones((1, 16, 17), np.float32), SIZE), lambda wanted: [frame for _ in wanted]


def place(values):
    """The middle of what is bright."""
    rows, columns = np.nonzero(values > 0.5 * values.max())
    return np.array([columns.mean(), rows.mean()])


def found(tensors):
    """Where each wrist is in the two streams, in pixels of the picture."""
    picture = tensors.rgb.numpy()[:, 0].transpose(1, 2, 0) * STD + MEAN
    pose = tensors.pose.numpy()[:, 0]
    red, green = place(picture[..., 0]), place(picture[..., 1])
    return {"red": red, "green": green, "left": 4 * place(pose[LEFT_WRIST]), "right": 4 * place(pose[RIGHT_WRIST])}


@pytest.mark.parametrize("video", [1.0, 0.5])
@pytest.mark.parametrize("seed", range(12))
def test_both_streams_agree_whatever_was_drawn(seed, video):
    poses, frames = clip(video)
    config = PipelineConfig(rgb_frames=2, pose_frames=8, size=128, area_range=(0.6, 1.0))
    tensors = training(config, poses, frames, (seed,))
    seen = found(tensors)
    inside = [name for name in ("red", "green") if seen[name].min() > 4 and seen[name].max() < 124]
    flipped = np.abs(seen["red"] - seen["left"]).max() > 12
    # A mirrored picture of a left wrist is one of a right wrist.
    for colour, same, mirrored in (("red", "left", "right"), ("green", "right", "left")):
        if colour in inside:
            assert np.abs(seen[colour] - seen[mirrored if flipped else same]).max() < 4


def test_some_are_flipped_and_some_are_not():
    poses, frames = clip()
    sides = []
    for seed in range(20):
        seen = found(training(CONFIG, poses, frames, (seed,)))
        sides.append(bool(np.abs(seen["red"] - seen["left"]).max() > 12))
    assert 4 < sum(sides) < 16


def test_held_out_clips_are_the_same_whenever_they_are_asked():
    poses, frames = clip()
    one, other = (held_out(CONFIG, poses, frames, 1) for _ in range(2))
    assert one.rgb.equal(other.rgb)
    assert one.pose.shape == (17, 8, 32, 32)
    assert held_out(CONFIG, poses, frames, 3).rgb.shape == (3, 3, 2, 128, 128)


def test_frames_are_decoded_once_for_all_clips():
    poses, frames = clip()
    asked = []

    def watched(wanted):
        asked.append(list(wanted))
        return frames(wanted)

    held_out(CONFIG, poses, watched, 10)
    assert len(asked) == 1


def test_training_depends_on_its_seed_alone():
    poses, frames = clip()
    config = PipelineConfig(rgb_frames=2, pose_frames=8, size=64, jitter=JitterConfig(brightness=0.4, hue=0.15))
    one, other, third = (training(config, poses, frames, (0, epoch, 3)) for epoch in (1, 1, 2))
    assert one.rgb.equal(other.rgb)
    assert not one.rgb.equal(third.rgb)


def test_a_clip_without_people_keeps_its_whole_picture():
    poses, _ = clip()
    nobody = around(np.zeros_like(poses.points), poses.scores, SIZE, 0.25)
    assert nobody == Rectangle(0, 0, 640, 360)


def test_the_box_is_square_and_padded_and_ignores_lost_joints():
    poses, _ = clip()
    points = poses.points.copy()
    points[0, 3, 4] = 0
    points[0, 4, 5] = np.nan
    scores = poses.scores.copy()
    points[0, 5, 6], scores[0, 5, 6] = (9000, 9000), 0
    box = around(points, scores, SIZE, 0.25)
    assert box.width == box.height == pytest.approx(240 * 1.25)
    assert (box.left + box.width / 2, box.top + box.height / 2) == (305, 180)


def test_random_parts_stay_inside_with_the_share_that_was_asked():
    whole, chance = Rectangle(10, 20, 100, 100), np.random.default_rng(0)
    for _ in range(50):
        part = random_part(whole, (0.56, 1.0), chance)
        assert part.left >= 10
        assert part.left + part.width <= 110 + 1e-9
        assert 0.5599 < part.width * part.height / 1e4 <= 1


def test_frames_come_from_every_stretch():
    chance = np.random.default_rng(1)
    for total in (3, 8, 50, 300):
        found = random_frames(total, 8, chance)
        assert (np.diff(found) >= 0).all()
        assert 0 <= found[0] <= found[-1] < total
    assert even_frames(100, 10, 1)[0].tolist() == list(range(5, 100, 10))
    assert len({tuple(one) for one in even_frames(300, 8, 10)}) == 10
    assert even_frames(1, 4, 1).tolist() == [[0, 0, 0, 0]]


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda layout: layout.name)
def test_sides_are_exchanged_whole(layout):
    order = layout.mirrored
    assert (order[order] == np.arange(len(order))).all()
    for joint, name in enumerate(layout.joints):
        other = layout.joints[order[joint]]
        swapped = name.replace("left", "?").replace("right", "left").replace("?", "right")
        assert other == swapped


def test_kinect_left_is_right_in_a_mirrored_picture():
    joints = np.arange(50, dtype=np.float32).reshape(25, 2)
    found, known = kinect_to_coco(joints)
    at = {name: one for one, name in enumerate(COCO17.joints)}
    kinect = {name: one for one, name in enumerate(KINECT25.joints)}
    assert found[at["left wrist"]].tolist() == joints[kinect["right wrist"]].tolist()
    assert kinect_to_coco(joints, mirrored=False)[0][at["left wrist"]].tolist() == joints[kinect["left wrist"]].tolist()
    assert known[at["left eye"]] == 0
    assert known.sum() == 13
