"""Any literal config, any sites: exactly the sites change, and every comment and blank line outside of them stays."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given, settings
from mmengine.config import Config

from defib.configs.mmengine import parse
from defib.configs.test_mmengine import normal, scalars, source, values
from defib.records import Edit, Site
from defib.rewriting.proof import differences, expected
from defib.rewriting.rewrite import rewrite
from defib.words import same

names = st.text("abcdefgh", min_size=1, max_size=3).map(lambda text: f"k_{text}")


def spread(value, head, path, indent, random):
    """Lines of a value, with comments and blank lines in random places; each with the path that it belongs to."""
    opened, closed = (
        ("dict(", ")") if isinstance(value, dict) else ("(", ")") if isinstance(value, tuple) else ("[", "]")
    )
    if not isinstance(value, dict | list | tuple) or not value or random.random() < 0.3:
        return [(f"{indent}{head}{source(value, call=True)}", path)]
    items = value.items() if isinstance(value, dict) else ((str(index), item) for index, item in enumerate(value))
    lines = [(f"{indent}{head}{opened}", path)]
    for position, (step, item) in enumerate(items):
        inner = f"{path}.{step}"
        if random.random() < 0.2:
            lines.append(("", path))
        if random.random() < 0.3:  # a comment directly above is the element's own, except above the first one
            lines.append((f"{indent}    # about {inner} {random.random()}", inner if position else path))
        found = spread(item, f"{step}=" if isinstance(value, dict) else "", inner, f"{indent}    ", random)
        last = (
            len(value) == position + 1 and random.random() < 0.5 and not (isinstance(value, tuple) and len(value) == 1)
        )
        comment = f"  # beside {inner} {random.random()}" if random.random() < 0.3 else ""
        found[-1] = (f"{found[-1][0]}{'' if last else ','}{comment}", found[-1][1])
        lines += found
    return [*lines, (f"{indent}{closed}", path)]


def paths(value, path=""):
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list | tuple) else ()
    for step, item in items:
        inner = f"{path}.{step}" if path else str(step)
        yield inner, item
        yield from paths(item, inner)


@settings(max_examples=150, deadline=None)
@given(
    tree=st.dictionaries(names, values, min_size=1, max_size=4),
    data=st.data(),
    random=st.randoms(use_true_random=False),
)
def test_changes_the_sites_and_nothing_else(tmp_path_factory, tree, data, random):
    folder = tmp_path_factory.mktemp("property")
    lines = [("# the head", ""), ("", "")]
    for key, value in tree.items():
        lines += [*spread(value, f"{key} = ", key, "", random), (f"# after {key}", ""), ("", "")]
    text = "".join(f"{line}\n" for line, _ in lines)
    path = folder / "c.py"
    path.write_text(text, encoding="utf-8")
    config = parse(path)
    assert config.tree == normal(tree)

    chosen = data.draw(st.lists(st.sampled_from(list(paths(tree))), max_size=5, unique_by=lambda pair: pair[0]))
    sites = []
    for place, old in chosen:
        if data.draw(st.booleans()):
            sites.append(Site(path=place, old=old, action="delete"))
        elif not isinstance(old, dict | list | tuple):
            sites.append(Site(path=place, old=old, new=data.draw(scalars)))
    deleted = {site.path for site in sites if site.action == "delete"}
    sites = [site for site in sites if not any(site.path.startswith(f"{gone}.") for gone in deleted)]
    edits = [Edit(key="key", why=same(""), play="test", sites=tuple(sites))]
    new = rewrite(config, text, edits)
    there = folder / "new.py"
    there.write_text(new, encoding="utf-8")
    assert differences(expected(config.tree, edits), Config.fromfile(there).to_dict()) == []

    kept = [line for line, owner in lines if not any(owner == gone or owner.startswith(f"{gone}.") for gone in deleted)]
    notes = [
        line.partition("  # beside")[2] or line for line in kept if "#" in line and ("# a" in line or "  # b" in line)
    ]
    notes = [note for note in notes if "# about" in note or "# after" in note or note.startswith(" k_")]
    position = 0
    for note in notes:
        position = new.find(note, position)
        assert position >= 0, note
    assert new.splitlines().count("") >= sum(line == "" for line in kept)
    assert path.read_text(encoding="utf-8") == text
