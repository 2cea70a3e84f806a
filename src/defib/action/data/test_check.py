"""What is found in data before training: each finding on data that has it, and silence on data that does not."""

import av
import numpy as np
import pytest

from defib.action import taxonomy as taxonomies
from defib.action.data import check, clips, index
from defib.action.data.keypoints import COCO17
from defib.action.data.pickles import Annotation, Annotations
from defib.action.data.synth.classes import chosen, taxonomy
from defib.action.data.synth.clip import Take, stage

CLASSES = 3
PERSONS = 6
TAXONOMY = taxonomy(CLASSES)
SIZE = (160, 90)


def annotations(change=None):
    """Made-up people of six persons, the last two held out; `change` may replace one of them."""
    found = []
    for person in range(1, PERSONS + 1):
        for label in range(CLASSES):
            for camera in (1, 2, 3):
                take = Take(seed=0, person=person, repeat=1, camera=camera, people=PERSONS)
                made = stage(chosen(CLASSES)[label], take, size=SIZE, lengths=(10, 14))
                frames = made.points.shape[1]
                one = Annotation(
                    take.name(label),
                    label,
                    frames,
                    SIZE[::-1],
                    made.points.astype(np.float32),
                    made.scores.astype(np.float32),
                )
                found.append(one if change is None else change(one))
    train = [one.name for one in found if one.name[8:12] not in {"P005", "P006"}]
    val = [one.name for one in found if one.name not in train]
    return Annotations(found, {"xsub_train": train, "xsub_val": val})


def opened(folder, given):
    index.write(folder / "index", given)
    return index.read(folder / "index")


def said(found):
    return [finding.says.en for finding in found]


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return opened(tmp_path_factory.mktemp("sound"), annotations())


def test_sound_data_has_no_findings(sound):
    assert check.check(sound, TAXONOMY, None).findings == []


def test_two_clips_of_one_name(tmp_path, sound):
    given = annotations()
    first, second = given.clips[:2]
    again = [second._replace(name=first.name, label=first.label), *given.clips[2:], first]
    found = opened(tmp_path, given._replace(clips=again))
    (finding,) = list(check.twice(found))
    assert (finding.level, finding.says.en, finding.examples) == (
        "spoil",
        "1 clips bear the name of another clip",
        (first.name,),
    )
    assert "1 个片段与别的片段同名" in finding.says.zh
    assert list(check.twice(sound)) == []
    assert "1 clips bear the name of another clip" in said(check.check(found, TAXONOMY, None).findings)


def test_labels_that_count_from_one(tmp_path):
    found = opened(tmp_path, annotations(lambda one: one._replace(label=one.label + 1)))
    outside, names = check.labels(found, TAXONOMY)
    assert outside.level == "stop"
    assert outside.says.en == "18 labels lie outside of 0 to 2 (synth3), from 1 to 3: they count from 1, subtract 1"
    assert outside.says.zh.endswith("它们从 1 开始计数，应减 1")
    assert names.says.en.startswith("54 of 54 labels are not what the clip's own name says")


def test_labels_outside_that_are_not_shifted(tmp_path):
    found = opened(tmp_path, annotations(lambda one: one._replace(label=7 if "P001" in one.name else one.label)))
    assert check.labels(found, TAXONOMY).__next__().says.en.endswith("from 0 to 7")


def test_a_performer_on_both_sides(sound, tmp_path):
    given = annotations()
    given.splits["xsub_train"].append(given.splits["xsub_val"][0])
    given.splits["xsub_val"].pop(0)
    found = opened(tmp_path, given)
    (leak,) = check.leaks(found, "xsub_train", "xsub_val")
    assert leak.says.en == "1 performers are on both sides of xsub_train / xsub_val"
    assert leak.examples == ("P005",)
    assert list(check.leaks(sound, "xsub_train", "xsub_val")) == []


def test_a_clip_on_both_sides_and_an_empty_side(tmp_path):
    given = annotations()
    given.splits["xsub_val"].append(given.splits["xsub_train"][0])
    given.splits["none_train"], given.splits["none_val"] = [], []
    found = opened(tmp_path, given)
    assert "1 clips are on both sides of xsub_train / xsub_val" in said(check.leaks(found, "xsub_train", "xsub_val"))
    assert said(check.leaks(found, "none_train", "none_val")) == [
        "split none_train is empty",
        "split none_val is empty",
    ]


def test_a_camera_on_both_sides_of_a_split_by_view(tmp_path):
    given = annotations()
    names = [one.name for one in given.clips]
    given.splits["xview_train"] = [name for name in names if "C001" not in name]
    given.splits["xview_val"] = [name for name in names if "C001" in name]
    found = opened(tmp_path / "good", given)
    assert list(check.leaks(found, "xview_train", "xview_val")) == []  # the same people, as it is meant
    given.splits["xview_train"], given.splits["xview_val"] = names[::2], names[1::2]
    found = opened(tmp_path / "bad", given)
    assert said(check.leaks(found, "xview_train", "xview_val")) == [
        "cameras 1, 2, 3 are on both sides of xview_train / xview_val"
    ]


def test_poses_that_are_not_there(tmp_path):
    def spoiled(one):
        points, scores = one.points.copy(), one.scores.copy()
        match one.name[8:12]:
            case "P001":
                points[:], scores[:] = 0, 0
            case "P002":
                points[0, 0, 0, 0] = np.nan
            case "P003":
                scores[:, : one.frames * 3 // 4] = 0
            case "P004":
                points += 1000
        return one._replace(points=points, scores=scores)

    found = said(check.poses(opened(tmp_path, annotations(spoiled))))
    assert found == [
        "9 clips have no pose in any frame",
        "9 clips hold NaN or infinite joints",
        "9 clips have poses in less than half of their frames",
        "9 clips have most of their joints outside of the picture that the annotation names: is img_shape right?",
    ]


def test_frames_that_are_named_otherwise(tmp_path):
    found = opened(tmp_path, annotations(lambda one: one._replace(frames=one.frames + 5)))
    assert said(check.poses(found)) == ["54 clips name another total_frames than they have poses"]


def test_sides_that_are_exchanged(tmp_path, sound):
    def exchanged(one):
        return one._replace(points=one.points[:, :, COCO17.mirrored], scores=one.scores[:, :, COCO17.mirrored])

    (finding,) = check.sides(opened(tmp_path, annotations(exchanged)))
    assert finding.says.en.startswith("left and right are exchanged: the left shoulder is on the picture's right in ")
    assert finding.level == "spoil"
    assert list(check.sides(sound)) == []


def test_joints_in_the_order_of_another_dataset(tmp_path):
    # Human3.6M: hip, right leg, left leg, spine, thorax, neck, head, left arm, right arm; what COCO lacks is its nearest.
    order = [11, 12, 14, 16, 11, 13, 15, 6, 5, 0, 1, 5, 7, 9, 6, 8, 10]
    given = annotations(lambda one: one._replace(points=one.points[:, :, order], scores=one.scores[:, :, order]))
    (finding,) = check.sides(opened(tmp_path, given))
    assert finding.says.en.startswith("the joints are not in the order of coco17: its bones are ")
    assert finding.level == "spoil"


def test_most_random_orders_are_seen(sound):
    bodies, chance = check._bodies(sound), np.random.default_rng(0)
    seen = [check._bones(bodies[:, chance.permutation(17)], COCO17.bones) > check.FAR for _ in range(100)]
    assert sum(seen) >= 90
    assert check._bones(bodies, COCO17.bones) < check.FAR


def test_joints_without_sides(tmp_path):
    found = opened(
        tmp_path, annotations(lambda one: one._replace(points=one.points[:, :, :13], scores=one.scores[:, :, :13]))
    )
    (finding,) = check.sides(found)
    assert finding.says.en == (
        "13 joints have no known left and right: a mirrored clip keeps its sides exchanged. Known are coco17 (17), kinect25 (25), ma28 (28)"
    )


def test_classes_without_clips_and_rare_ones(tmp_path, sound):
    found = said(check.balance(sound, taxonomies.ntu60(), ("xsub_val",)))
    assert len(found) == 1
    assert found[0].startswith("57 classes have no clip in xsub_val: ")
    given = annotations()
    train = [one for one in given.clips if one.name in given.splits["xsub_train"]]
    many = 2 * [one.name for one in train if one.label != 2]
    given.splits["xsub_train"] = [*many, next(one.name for one in train if one.label == 2)]
    assert list(check.balance(sound, TAXONOMY, ("xsub_train",))) == []
    (finding,) = check.balance(opened(tmp_path, given), TAXONOMY, ("xsub_train",))
    assert finding.says.en.startswith("1 classes are rare in xsub_train (less than a tenth of the mean): ")


def film(path, frames):
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for _ in range(frames):
            container.mux(
                stream.encode(av.VideoFrame.from_ndarray(np.zeros((SIZE[1], SIZE[0], 3), np.uint8), format="rgb24"))
            )
        container.mux(stream.encode())


def test_videos_that_are_missing_damaged_short_or_long(tmp_path):
    given = annotations()._replace(clips=annotations().clips[:5])
    given = given._replace(
        splits={"xsub_train": [one.name for one in given.clips[:3]], "xsub_val": [given.clips[4].name]}
    )
    found = opened(tmp_path, given)
    for at, off in ((0, 0), (1, -3), (2, 4)):
        film(tmp_path / f"{given.clips[at].name}_rgb.mp4", given.clips[at].frames + off)
    (tmp_path / f"{given.clips[3].name}_rgb.mp4").write_bytes(b"no video")
    told = []
    findings = list(check.decoded(found, clips.Videos(tmp_path, found), progress=lambda *given: told.append(given)))
    assert [(finding.level, finding.says.en, finding.examples) for finding in findings] == [
        ("stop", "1 videos are missing", (given.clips[4].name,)),
        ("stop", "1 videos cannot be decoded", (given.clips[3].name,)),
        ("stop", "1 videos are shorter than their poses: training stops there", (given.clips[1].name,)),
        (
            "note",
            "1 videos are longer than their poses by more than a frame: the poses may be of other frames",
            (given.clips[2].name,),
        ),
    ]
    assert told[-1] == (5, 5)
    quick = said(check.decoded(found, clips.Videos(tmp_path, found), quick=True))
    assert quick == ["1 videos are missing", "1 videos cannot be decoded"]
