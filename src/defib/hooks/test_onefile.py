"""One file: complete, understood by Python 3.8, in need of nothing but its framework."""

import ast
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from defib.hooks.onefile import FRAMEWORKS, onefile

HERE = Path(__file__).parent


@pytest.fixture(params=FRAMEWORKS)
def framework(request):
    return request.param


def test_python_3_8_has_all_that_it_uses(framework, tmp_path):
    text = onefile(framework, "0")
    ast.parse(text, feature_version=(3, 8))
    (tmp_path / "defib_hook.py").write_text(text, encoding="utf-8")
    options = ("--target=3.8-", "--violations", "--no-tips", "--no-eval-annotations")
    done = subprocess.run(
        ["vermin", *options, "defib_hook.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_it_needs_the_standard_library_and_its_framework(framework):
    tree = ast.parse(onefile(framework, "0"))
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    roots = {name.partition(".")[0] for name in named}
    older = {"pytorch_lightning"} if framework == "lightning" else set()
    assert roots - set(sys.stdlib_module_names) <= {"torch", framework} | older


def test_no_name_is_given_twice(framework):
    tree = ast.parse(onefile(framework, "0"))
    given = Counter()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            given[node.name] += 1
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            given.update(one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name))
    assert {name: count for name, count in given.items() if count > 1} == {}


def test_modules_are_named_by_what_they_lend_alone():
    """A module that is used by its own name would be missing in one file."""
    for path in HERE.glob("*.py"):
        if not path.name.startswith("test_"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                assert not (isinstance(node, ast.ImportFrom) and node.module == "defib.hooks"), path.name


def test_it_runs_by_itself(framework, tmp_path):
    """Every name that a function uses is there: the file is imported without defib and its class is built."""
    (tmp_path / "defib_hook.py").write_text(onefile(framework, "0"), encoding="utf-8")
    script = {
        "torch": """
import sys; sys.modules["defib"] = None
import torch, defib_hook
model = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.ReLU(), torch.nn.Linear(4, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
told = []
rhythm = defib_hook.Rhythm(norms=1, sample=2, canary=2)
guard = defib_hook.Guard(model, optimizer, log=lambda values, step: told.append(values), log_every=4, rhythm=rhythm, canary=lambda: {"loss": 1.0})
for _ in range(4):
    optimizer.zero_grad()
    loss = model(torch.randn(8, 4)).square().mean()
    loss.backward()
    guard.step(loss, clip=1.0)
    optimizer.step()
guard.close()
print(sorted(name.removeprefix("train/") for name in told[0]))
""",
        "mmengine": """
import sys; sys.modules["defib"] = None
import defib_hook
from mmengine.registry import HOOKS
print(HOOKS.build({"type": "DefibHook", "log_every": 5}).__class__.__module__)
""",
        "lightning": "import sys; sys.modules['defib'] = None; import defib_hook; print(defib_hook.DefibCallback(sample=4).__class__.__module__)",
        "transformers": "import sys; sys.modules['defib'] = None; import defib_hook; print(defib_hook.DefibCallback(sample=4).__class__.__module__)",
    }[framework]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    if framework == "torch":
        assert {"loss", "grad_norm", "clipped", "update_ratio", "feature_rank", "entropy", "canary_loss"} <= set(
            ast.literal_eval(done.stdout)
        )
    else:
        assert done.stdout.strip() == "defib_hook"
