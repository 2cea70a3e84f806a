"""What several tests stand on: the seed's run, the real run, and what lies beside the checkout."""

from __future__ import annotations

import gc
import shutil
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SHARED = HERE.parent.parent / "shared"
REAL = HERE.parent / "src" / "defib" / "demo" / "runs" / "mmaction2-lr-jump"


@pytest.fixture
def seed(tmp_path):
    """The seed's table, and its config inside a folder that looks like mmaction2's."""
    root = tmp_path / "mmaction2"
    config = root / "configs" / "skeleton" / "posec3d" / "rgbpose_conv3d" / "pcan_ntu60_95target.py"
    config.parent.mkdir(parents=True)
    (root / "tools").mkdir()
    (root / "tools" / "dist_train.sh").write_text("# stands in for mmaction2's launcher\n")
    shutil.copy(HERE / "runs" / "seed" / "pcan_ntu60_95target.py", config)
    shutil.copy(HERE / "runs" / "seed" / "history.md", tmp_path / "history.md")
    return tmp_path / "history.md", config


@pytest.fixture
def real(tmp_path):
    """A copy of the real run, to be written beside."""
    return Path(shutil.copytree(REAL, tmp_path / "lrjump"))


@pytest.fixture
def shared():
    """The folder with the user's own document; tests that need it are skipped, visibly, elsewhere."""
    if not SHARED.is_dir():
        pytest.skip("../shared is not beside this checkout")
    return SHARED


def pytest_collection_finish() -> None:
    """Ten thousand collected tests stay to the end: the garbage collector need not look through them again and again."""
    gc.freeze()
