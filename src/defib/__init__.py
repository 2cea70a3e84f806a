"""defib brings a collapsed training run back to life.

    run = defib.open_run("work_dirs/my_run")
    case = defib.diagnose(run)
    print(case.verdict, case.says.en)

The five functions stand in `defib.interface`, the records in `defib.records`; each is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from defib.errors import DefibError as DefibError
    from defib.interface import check as check
    from defib.interface import diagnose as diagnose
    from defib.interface import open_run as open_run
    from defib.interface import plan as plan
    from defib.interface import rewrite as rewrite
    from defib.records import from_json as from_json
    from defib.records import to_json as to_json

__version__ = "0.1.0"

_HOME = {
    "open_run": "defib.interface",
    "check": "defib.interface",
    "diagnose": "defib.interface",
    "plan": "defib.interface",
    "rewrite": "defib.interface",
    "from_json": "defib.records",
    "to_json": "defib.records",
    "DefibError": "defib.errors",
}
__all__ = ["DefibError", "check", "diagnose", "from_json", "open_run", "plan", "rewrite", "to_json"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 (whatever the name stands for)
    if name not in _HOME:
        message = f"module 'defib' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
