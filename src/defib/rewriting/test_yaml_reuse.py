"""A YAML text is composed once, however often it is read; what was read before never shows in what is read later."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from defib.configs import parse
from defib.configs.dialects import document
from defib.errors import ConfigSyntax
from defib.records import Edit, Site
from defib.rewriting import rewrite
from defib.words import same

TEXT = 'a: &x {lr: 1}  # once\nb: *x\nc: {<<: *x, d: "${a.lr}"}\nunseen_before: 1\n'


def test_reading_and_rewriting_compose_the_old_and_the_new_text_once(tmp_path, monkeypatch):
    text = TEXT.replace("once", "of this test alone")
    composed = []
    whole = YAML.compose
    monkeypatch.setattr(YAML, "compose", lambda self, given: composed.append(given) or whole(self, given))
    path = tmp_path / "c.yaml"
    config = parse(path, text)
    new = rewrite(config, text, [Edit(key="k", why=same(""), play="t", sites=(Site(path="unseen_before", new=2),))])
    parse(path, new)
    assert composed == [text, new]


def test_two_readings_share_no_cell_and_know_their_own_file(tmp_path):
    one, other = document(tmp_path / "one.yaml", TEXT), document(tmp_path / "other.yaml", TEXT)
    assert one.root is not other.root
    one.root.entries.clear()
    assert set(other.root.entries) == {"a", "b", "c", "unseen_before"}
    for name in ("one.yaml", "other.yaml"):
        with pytest.raises(ConfigSyntax) as caught:
            parse(tmp_path / name, "a: [1\n")
        assert caught.value.values["path"] == tmp_path / name
