"""Where the numbers of a result sit."""

from __future__ import annotations

import dataclasses
from typing import Any

from adgen.frontend.loops import Loops
from adgen.frontend.records import is_called_with_fields
from adgen.frontend.values import (
    Const,
    DictContents,
    Handle,
    ListContents,
    ObjectContents,
    OptionalVal,
    Poison,
    Ref,
    ShapeItem,
    TupleVal,
    Value,
)
from adgen.program.objects import attribute_names
from adgen.program.trees import Branch, Leaf, Tree
from adgen.program.types import ListOf


class Results(Loops):
    """The structure in which a value is returned."""

    def result_tree(self, value: Value, hint: str = "result") -> Tree:
        match value:
            case Ref(name, type_):
                return Leaf(name, type_)
            case ShapeItem():
                return self.result_tree(self.shape_item(value))
            case OptionalVal():
                message = f"{self.frame.function} returns None here, which has no derivative"
                return self.result_tree(self.present(value, ValueError, message))
            case Const(constant):
                return Leaf(None, None, constant)
            case TupleVal(items, cls):
                return Branch("tuple", tuple(range(len(items))), tuple(map(self.result_tree, items)), cls)
            case Handle(key):
                return self.container_result(self.heap[key])
            case Poison():
                self.atom(value)
        self.refuse(
            "result",
            "this can't be returned",
            reason="a function or an undecided value has no derivative.",
            remedy="numbers, arrays, and containers of those",
        )

    def container_result(self, contents: Any) -> Tree:
        match contents:
            case ListContents(items):
                return Branch("list", tuple(range(len(items))), tuple(map(self.result_tree, items)))
            case DictContents(items):
                return Branch("dict", tuple(items), tuple(map(self.result_tree, items.values())))
            case Ref(name, ListOf() as type_):
                return Leaf(name, type_)
            case ObjectContents(cls, attributes) if dataclasses.is_dataclass(cls):
                names = [f.name for f in dataclasses.fields(cls) if f.init]
                kind = "object" if is_called_with_fields(cls) else "record"
                names = names if kind == "object" else list(attributes)
                return Branch(kind, tuple(names), tuple(self.result_tree(attributes[n]) for n in names), cls)
            case ObjectContents(cls, attributes, origin) if origin is None or (
                contents.path.startswith("@") and set(attribute_names(origin)) <= set(attributes)
            ):
                return Branch("record", tuple(attributes), tuple(map(self.result_tree, attributes.values())), cls)
        self.refuse(
            "result",
            "this object can't be returned",
            reason="it was not made by the function.",
            remedy="its numbers, in a tuple or dict, or a new object",
        )
