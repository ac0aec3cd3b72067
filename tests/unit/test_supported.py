"""The manual's page of accepted and refused Python is up to date, and no refusal is missing from it."""

import ast
from pathlib import Path

import adgen.frontend
from adgen.frontend.supported import manual, slugs

FRONTEND = Path(adgen.frontend.__file__).parent
PAGE = Path(__file__).resolve().parents[2] / "docs" / "supported-python.md"


def slugs_used():
    """Slug and place of every ``self.refuse("slug", ...)`` and ``UnsupportedSyntax("slug", ...)``."""
    for path in sorted(FRONTEND.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
            slug = node.args[0]
            if called in ("refuse", "UnsupportedSyntax") and isinstance(slug, ast.Constant):
                yield slug.value, f"{path.name}:{node.lineno}"


def test_the_page_is_up_to_date():
    stale = "renew it: python -c 'from adgen.frontend.supported import manual; print(manual(), end=str())'"
    assert PAGE.read_text(encoding="utf-8") == manual(), stale


def test_every_refusal_is_listed():
    used = list(slugs_used())
    assert len(used) > 50
    missing = {f"{place} {slug}" for slug, place in used if slug not in slugs()}
    assert not missing, ", ".join(sorted(missing))


def test_every_listed_slug_has_an_anchor():
    text = PAGE.read_text(encoding="utf-8")
    assert all(f'<a id="{slug}"></a>' in text for slug in slugs())
