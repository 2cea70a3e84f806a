"""From videos and a pickle to a store and back: whole, resumable, checksummed, and cheap to hand to a worker."""

import pickle

import av
import numpy as np
import pytest

from defib.action.data import index, pickles, prepare
from defib.action.data.clips import ClipDataset, Videos
from defib.action.data.config import PipelineConfig
from defib.action.data.prepare import Settings
from defib.action.data.store import PICTURES, Store
from defib.action.errors.data import NoSuchSplit, StoreBroken, VideoUnreadable

NAMES, FRAMES, SIZE = ("S001C001P001R001A001", "S001C001P002R001A002", "S001C002P003R001A001"), 6, (120, 160)


def film(path, value):
    """Frames of one grey, brighter from frame to frame."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.height, stream.width, stream.pix_fmt = *SIZE, "yuv420p"
        for at in range(FRAMES):
            frame = np.full((*SIZE, 3), value + 10 * at, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())


@pytest.fixture
def made(tmp_path):
    """Three clips: their index and their videos, the last of which is damaged."""
    chance, clips = np.random.default_rng(0), []
    (tmp_path / "videos").mkdir()
    for label, name in enumerate(NAMES):
        points = chance.uniform(40, 110, (1, FRAMES, 17, 2)).astype(np.float16)
        scores = np.ones((1, FRAMES, 17), np.float16)
        clips.append(
            {"frame_dir": name, "label": label, "img_shape": SIZE, "keypoint": points, "keypoint_score": scores}
        )
        film(tmp_path / "videos" / f"{name}_rgb.avi", 40 + 60 * label)
    (tmp_path / "videos" / f"{NAMES[2]}_rgb.avi").write_bytes(b"no video")
    path = tmp_path / "poses.pkl"
    path.write_bytes(
        pickle.dumps({"split": {"xsub_train": [*NAMES], "xsub_val": [NAMES[0], "lost"]}, "annotations": clips})
    )
    index.write(tmp_path / "index", pickles.read(path))
    found = index.read(tmp_path / "index")
    return found, Videos(tmp_path / "videos", found)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_store_holds_what_can_be_read_and_tells_of_the_rest(made, jobs, tmp_path):
    told = []
    report = prepare.prepare(*made, tmp_path / "store", jobs=jobs, progress=lambda *at: told.append(at))
    assert (report.done, list(report.broken)) == (2, [NAMES[2]])
    assert told[-1] == (3, 3)
    store = Store(tmp_path / "store")
    assert store.index.split("xsub_train").tolist() == [0, 1]
    assert prepare.verify(tmp_path / "store") == []
    for at in (0, 1):
        bright = [frame.mean() for frame in store.frames(at, [0, 5, 0])]
        assert bright[0] == bright[2]
        assert bright[1] - bright[0] == pytest.approx(50, abs=6)
        assert bright[0] == pytest.approx(40 + 60 * at, abs=6)


def test_poses_are_in_pixels_of_the_kept_pictures(made, tmp_path):
    prepare.prepare(*made, tmp_path / "store", settings=Settings(side=48))
    store = Store(tmp_path / "store")
    poses = store.index.poses(0)
    assert poses.size == store.frames(0, [0])[0].shape[:2]
    assert min(poses.size) == 48
    old, new = made[0].poses(0).points.astype(float), poses.points.astype(float)
    ratio = (new[0, :, 0] - new[0, :, 1]) / (old[0, :, 0] - old[0, :, 1])
    assert np.ptp(ratio) < 0.02


def test_an_interrupted_preparation_goes_on(made, tmp_path):
    class Enough(Exception):
        pass

    def stop(done, _):
        if done == 1:
            raise Enough

    folder = tmp_path / "store"
    with pytest.raises(Enough):
        prepare.prepare(*made, folder, progress=stop)
    with pytest.raises(StoreBroken, match="not finished"):
        Store(folder)
    with (folder / PICTURES).open("ab") as pictures:
        pictures.write(b"half a picture")
    told = []
    prepare.prepare(*made, folder, progress=lambda done, _: told.append(done))
    assert told == [2, 3]
    assert prepare.verify(folder) == []
    assert Store(folder).frames(1, [0])[0].mean() == pytest.approx(100, abs=6)


def test_what_was_changed_is_found(made, tmp_path):
    folder = tmp_path / "store"
    prepare.prepare(*made, folder)
    data = bytearray((folder / PICTURES).read_bytes())
    data[100] ^= 255
    (folder / PICTURES).write_bytes(data)
    assert prepare.verify(folder) == [NAMES[0]]
    (folder / PICTURES).write_bytes(data[:-1])
    with pytest.raises(StoreBroken, match="the manifest says"):
        Store(folder)


def test_clips_that_a_list_leaves_out_are_not_prepared_until_the_list_goes(made, tmp_path):
    folder, (clips, videos) = tmp_path / "store", made
    without = clips.only(np.array([1, 2]))
    report = prepare.prepare(without, videos, folder)
    assert (report.done, list(report.broken)) == (1, [NAMES[2]])
    store = Store(folder)
    assert [store.index.name(at) for at in range(len(store.index.clips))] == [NAMES[1]]
    assert store.frames(0, [0])[0].mean() == pytest.approx(100, abs=6)
    told = []
    assert prepare.prepare(clips, videos, folder, progress=lambda done, _: told.append(done)).done == 2
    assert told == [3]  # of the others nothing was made anew
    store = Store(folder)
    for at in (0, 1):
        assert store.index.name(at) == NAMES[at]
        assert store.frames(at, [0])[0].mean() == pytest.approx(40 + 60 * at, abs=6)
    assert prepare.prepare(without, videos, folder).done == 1
    assert Store(folder).frames(0, [0])[0].mean() == pytest.approx(100, abs=6)
    assert prepare.verify(folder) == []


def test_two_clips_of_one_name_share_their_pictures(made, tmp_path):
    clips, videos = made
    twice = clips.only(np.array([0, 1, 0]))
    told = []
    report = prepare.prepare(twice, videos, tmp_path / "store", progress=lambda *at: told.append(at))
    assert (report.done, told[-1]) == (3, (2, 2))
    store = Store(tmp_path / "store")
    assert [store.index.name(at) for at in range(3)] == [NAMES[0], NAMES[1], NAMES[0]]
    bright = [store.frames(at, [0])[0].mean() for at in range(3)]
    assert bright[0] == bright[2] == pytest.approx(40, abs=6)
    assert bright[1] == pytest.approx(100, abs=6)


def test_a_list_leaves_clips_of_a_store_out(made, tmp_path):
    prepare.prepare(*made, tmp_path / "store")
    (tmp_path / "out.txt").write_text(NAMES[0], encoding="utf-8")
    store = Store(tmp_path / "store", tmp_path / "out.txt")
    again = pickle.loads(pickle.dumps(store))
    for one in (store, again):
        assert (one.index.name(0), len(one.index.clips), len(one.clips)) == (NAMES[1], 1, 1)
        assert one.frames(0, [0])[0].mean() == pytest.approx(100, abs=6)
    assert [one.tolist() for one in (store.index.split("xsub_train"), store.index.split("xsub_val"))] == [[0], []]


def test_a_part_of_an_index_is_the_same_part_in_a_worker(made):
    part = made[0].only(np.array([2, 1])).only(np.array([1]))
    again = pickle.loads(pickle.dumps(part))
    for one in (part, again):
        assert [one.name(at) for at in range(len(one.clips))] == [NAMES[1]]
        assert np.array_equal(one.poses(0).points, made[0].poses(1).points)
        assert one.split("xsub_train").tolist() == [0]
        assert one.split("xsub_val").tolist() == []


def test_a_worker_is_sent_the_folder_and_not_the_poses(made, tmp_path):
    prepare.prepare(*made, tmp_path / "store")
    store = Store(tmp_path / "store")
    store.frames(0, [0])
    for one in (made[0], made[1], store):
        assert len(pickle.dumps(one)) < 600
    again = pickle.loads(pickle.dumps(made[1]))
    assert np.array_equal(again.clips.poses(1).points, made[0].poses(1).points)
    assert np.array_equal(pickle.loads(pickle.dumps(store)).frames(1, [2])[0], store.frames(1, [2])[0])


@pytest.mark.parametrize("trains", [True, False])
def test_a_dataset_gives_the_same_clip_from_either(made, trains, tmp_path):
    config = PipelineConfig(rgb_frames=2, pose_frames=4, size=64, test_size=64)
    dataset = ClipDataset(made[0], made[1], made[0].split("xsub_val"), config, trains=trains)
    found = dataset[0]
    assert (found["label"], found["name"], len(dataset)) == (0, NAMES[0], 1)
    assert found["rgb"].shape == (3, 2, 64, 64)
    assert found["pose"].shape == (17, 4, 16, 16)
    prepare.prepare(*made, tmp_path / "store")
    store = Store(tmp_path / "store")
    other = ClipDataset(store.index, store.frames, store.index.split("xsub_val"), config, trains=trains)[0]
    assert float((found["pose"] - other["pose"]).abs().max()) < 0.05


def test_what_is_not_there_is_named(made):
    with pytest.raises(NoSuchSplit, match="xsub_train, xsub_val"):
        made[0].split("xview_train")
    with pytest.raises(VideoUnreadable, match="no video of this name"):
        made[1].path("S001C001P001R001A060")
    with pytest.raises(VideoUnreadable, match="could be decoded"):
        made[1](0, [99])
    with pytest.raises(VideoUnreadable):
        made[1](2, [0])
