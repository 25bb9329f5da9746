"""The strings that the bot's sources ask to be translated, found in their syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

BOT = Path(__file__).resolve().parent.parent.parent / "bot"


def of_sources() -> set[tuple[str, ...]]:
    """("text",) for each `t("text")`, and ("one", "many") for each `n("one", "many", …)`."""
    return {found for file in BOT.rglob("*.py") for found in _in(ast.parse(file.read_text()))}


def _in(tree: ast.AST) -> Iterator[tuple[str, ...]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("t", "n"):
            wanted = node.args[: 1 if node.func.attr == "t" else 2]
            texts = tuple(arg.value for arg in wanted if isinstance(arg, ast.Constant) and isinstance(arg.value, str))
            assert len(texts) == len(wanted), f"{ast.unparse(node)}: a text to be translated must stand there itself"
            yield texts
