"""README.md is true: its Python blocks run in order, and print what stands under them.

`python tests/test_readme.py` writes what they print into README.md, to be read by eye.
"""

import contextlib
import io
import re
import tempfile
from pathlib import Path

import pytest

README = Path(__file__).resolve().parents[1] / "README.md"
TEXT = README.read_text(encoding="utf-8")
# A block of Python, and the block under it that shows what it prints.
BLOCK = re.compile(
    r"^```python\n(?P<code>.*?)^```\n(?:```(?:text|python generated)\n(?P<output>.*?)^```\n)?",
    re.MULTILINE | re.DOTALL,
)
BLOCKS = list(BLOCK.finditer(TEXT))


def line_of(block):
    return TEXT[: block.start("code")].count("\n") + 1


def printed(folder):
    """What each block prints."""
    # adgen reads the source of functions: the blocks stand in a file, at their own lines.
    path = folder / "README.md"
    lines = [""] * TEXT.count("\n")
    for block in BLOCKS:
        code = block["code"].splitlines()
        lines[line_of(block) - 1 : line_of(block) - 1 + len(code)] = code
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    namespace = {"__name__": "__main__", "__file__": str(path)}
    for block in BLOCKS:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile("\n" * (line_of(block) - 1) + block["code"], str(path), "exec"), namespace)
        yield block, out.getvalue().strip() + "\n"


def test_python_blocks_run_and_print_what_is_shown(tmp_path):
    for block, output in printed(tmp_path):
        if block["output"] is not None:
            assert output == block["output"], f"README.md:{line_of(block)}"


def test_blocks_are_found():
    assert len(BLOCKS) == TEXT.count("```python\n") >= 6
    assert sum(block["output"] is not None for block in BLOCKS) >= 4


@pytest.mark.parametrize("link", re.findall(r"\]\((?!https?:)([^)#]+)", TEXT))
def test_links_lead_somewhere(link):
    assert (README.parent / link).exists()


def update():
    text = TEXT
    with tempfile.TemporaryDirectory() as folder:
        for block, output in reversed(list(printed(Path(folder)))):
            if block["output"] is not None:
                text = text[: block.start("output")] + output + text[block.end("output") :]
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    update()
