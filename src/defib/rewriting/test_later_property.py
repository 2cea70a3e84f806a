"""Any lazy child of any base, any sites: mmengine reads what was planned, and every line that is not a site stays."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given, settings

from defib.configs.mmengine import parse
from defib.configs.test_lazy import theirs
from defib.configs.test_mmengine import scalars, source, values, written
from defib.records import Edit, Site
from defib.rewriting.proof import differences, expected
from defib.rewriting.rewrite import rewrite
from defib.rewriting.test_property import names, paths
from defib.words import same

HEAD = "from torch.optim import SGD  # the type\nwith read_base():\n    from .base import *\n\n"


def at(value, place):
    for step in place.split("."):
        value = value[step] if isinstance(value, dict) else value[int(step)]
    return value


@settings(max_examples=60, deadline=None)
@given(
    base=st.dictionaries(names, values, min_size=1, max_size=3),
    mine=st.dictionaries(names.map(lambda name: f"m{name}"), values, max_size=2),
    data=st.data(),
)
def test_changes_the_sites_and_nothing_else(tmp_path_factory, base, mine, data):
    folder = tmp_path_factory.mktemp("lazy")
    assigned = "".join(f"{key} = {source(value, call=False)}  # {key}\n\n" for key, value in base.items())
    written(folder, f"from torch.optim import SGD\n{assigned}", "base.py")
    lines = [f"{key} = {source(value, call=True)}  # {key}" for key, value in mine.items()]
    text = HEAD + "".join(f"# above\n{line}\n\n" for line in lines) + "kind = dict(type=SGD)"
    path = written(folder, text, "c.py")
    config = parse(path)
    assert differences(config.tree, theirs(path)) == []

    whole = {**base, **mine}
    chosen = data.draw(st.lists(st.sampled_from([place for place, _ in paths(whole)]), max_size=4, unique=True))
    sites = []
    for place in chosen:
        old = at(whole, place)
        if "." in place and data.draw(st.booleans()):
            sites.append(Site(path=place, old=old, action="delete"))
        elif isinstance(old, dict) and data.draw(st.booleans()):
            sites.append(Site(path=f"{place}.new", new=data.draw(scalars), action="insert"))
        elif not isinstance(old, dict | list | tuple):
            sites.append(Site(path=place, old=old, new=data.draw(scalars)))
    gone = {site.path for site in sites if site.action == "delete"}
    sites = [site for site in sites if not any(site.path.startswith(f"{above}.") for above in gone)]
    edits = [Edit(key="key", why=same(""), play="test", sites=tuple(sites))]
    new = rewrite(config, text, edits)
    there = written(folder, new, "new.py")
    assert differences(expected(config.tree, edits), theirs(there)) == []

    touched = {site.path.partition(".")[0] for site in sites}
    position = 0
    for line in text.splitlines():
        if line.partition(" ")[0] not in touched:
            position = new.find(line, position)
            assert position >= 0, line
    assert path.read_text(encoding="utf-8") == text
