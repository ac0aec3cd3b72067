"""Functions of `adgen.runtime`, specialised by the frontend on the types of one call and lowered in turn."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import repeat
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import gast
import numpy as np

from adgen.analyses.effects import dotted
from adgen.analyses.stand_ins import Static
from adgen.errors import AdgenError
from adgen.frontend.definitions import HARMLESS, ignored, parameters
from adgen.frontend.specialize import Program, specialize
from adgen.lower.trees import MISSING, build, constant, name, static
from adgen.optimize import optimize
from adgen.program.accumulation import spell_accumulations
from adgen.program.dims import Dim
from adgen.program.function import Function, GlobalName
from adgen.program.syntax import nodes_in
from adgen.program.trees import Branch, Tree, tree_expression
from adgen.program.types import Abstract, Array, Scalar, TupleOf, Type, type_of_number
from adgen.rules.definitions import WHOLE, definition_of

if TYPE_CHECKING:
    from adgen.lower.lowering import Lowering


@dataclass(frozen=True)
class Helper:
    """A function of the module: as text, or as a program that is still to be written."""

    name: str
    code: str | Function

    @property
    def in_object_mode(self) -> bool:
        return isinstance(self.code, str) and "with numba.objmode(" in self.code

    def names_read(self) -> set[str]:
        """Names that it mentions."""
        body = gast.parse(self.code).body if isinstance(self.code, str) else self.code.body
        return {n.id for s in body for n in nodes_in(s) if isinstance(n, gast.Name)}


def specialised(lowering: Lowering, entry: GlobalName, node: gast.Call) -> gast.expr | None:
    """A call of the function made for these types; None if the frontend does not take it."""
    parameters = entry.value.__code__.co_varnames[: entry.value.__code__.co_argcount]
    given = dict(zip(parameters, node.args, strict=False)) | {k.arg: k.value for k in node.keywords}
    return _made(lowering, f"{entry.module}.{entry.path}", entry.value, given)


def defined(lowering: Lowering, path: str, function: Any, node: gast.Call) -> gast.expr | None:
    """A call of NumPy or SciPy by its definition, if all of that compiles and gives what NumPy gives."""
    definition = definition_of(function)
    wanted = lowering.type_of(node)
    if definition is None or wanted is None:
        return None
    fixed: dict[str, Any] = {}
    if isinstance(definition, functools.partial):  # what serves any ufunc
        fixed, definition = dict(zip(parameters(definition.func), definition.args, strict=False)), definition.func
    elif definition not in WHOLE:
        return None
    try:
        bound = inspect.signature(definition).bind(
            *map(constant, fixed), *node.args, **{str(k.arg): k.value for k in node.keywords}
        )
    except TypeError:
        return None
    given: dict[str, Any] = {
        n: gast.Tuple(list(v), gast.Load()) if isinstance(v, tuple) else v
        for n, v in bound.arguments.items()
        if n not in fixed
    }
    if any(map(_is_lost, given.items(), repeat(definition))):
        return None
    before = dict(lowering.helpers)
    new = _made(lowering, path, definition, given, fixed, wanted)
    if new is None or any(h.in_object_mode for k, h in lowering.helpers.items() if k not in before):
        lowering.helpers.clear()
        lowering.helpers.update(before)
        return None
    return new


def _is_lost(given: tuple[str, gast.expr], definition: Any) -> bool:
    """Whether a definition leaves an argument out of account that may change the result; dtypes are seen by it."""
    option, value = given
    if option not in ignored(definition) or option == "dtype":
        return False
    known, default = static(value), inspect.signature(definition).parameters[option].default
    return option not in HARMLESS - {"out"} and (known is MISSING or known != default)


def _made(
    lowering: Lowering,
    path: str,
    function: Any,
    given: dict[str, Any],
    fixed: Mapping[str, Any] = MappingProxyType({}),
    wanted: Type | None = None,
) -> gast.expr | None:
    """A call of a helper that is made of a function for the types of what is given, and the values of what is fixed."""
    examples = _examples(lowering, given)
    if examples is None:
        return None
    examples |= {n: Static(v) for n, v in fixed.items()}
    key = f"{path}: {examples!r}"
    if key not in lowering.helpers:
        # Made for one function of the module, it may be called in others: definitions have no variable of this name.
        helper = lowering.fresh(path.replace(".", "_") if wanted is not None else path.rpartition(".")[2])
        lowering.helpers[key] = Helper(helper, helper)
        try:
            program = specialize(function, examples)
            if wanted is not None and not _gives(program.result, wanted):
                return None
            if isinstance(program.result, Branch) and isinstance(wanted, TupleOf):
                program = replace(program, result=replace(program.result, kind="tuple", cls=None))
            made = _lowered(lowering, helper, program)
        except AdgenError:
            return None
        finally:
            del lowering.helpers[key]  # what it calls comes first
        lowering.helpers[key] = Helper(helper, made)
    own = lowering.helpers[key]
    if not isinstance(own.code, Function):  # it calls itself
        return None
    return gast.Call(name(own.name), [_argument(lowering, given[p]) for p in own.code.params], [])


def _argument(lowering: Lowering, value: gast.expr) -> gast.expr:
    """Displays are handed over as tuples: Numba copies lists."""
    return (
        gast.Tuple(list(map(lowering.expr, value.elts)), gast.Load())
        if isinstance(value, gast.List)
        else (lowering.expr(value))
    )


def _gives(result: Tree, wanted: Type) -> bool:
    """Whether a result is of a type, as far as that decides the code that reads it."""
    if isinstance(result, Branch):
        return (
            isinstance(wanted, TupleOf)
            and result.kind in ("tuple", "list")
            and len(result.children) == len(wanted.items)
            and all(map(_gives, result.children, wanted.items))
        )
    own = type_of_number(result.value) if result.name is None and result.type is None else result.type
    return type(own) is type(wanted) and all(
        getattr(own, n, None) == getattr(wanted, n, None) for n in ("dtype", "rank")
    )


def _examples(lowering: Lowering, given: dict[str, gast.expr]) -> dict[str, Any] | None:
    """Types or known values by parameter; extents that are equal here are equal there."""
    extents: dict[Dim, Dim] = {}
    examples: dict[str, Any] = {}
    for parameter, value in given.items():
        known = _known(value)
        kind = None if known is not MISSING else lowering.type_of(value)
        if known is not MISSING:
            examples[parameter] = Static(known)
            continue
        example = _example(lowering, parameter, kind, extents)
        if example is None:
            return None
        examples[parameter] = example
    return examples


def _known(node: gast.expr) -> Any:
    """The value of an argument that is a constant or a dtype, else MISSING."""
    if isinstance(node, gast.Attribute) and dotted(node).startswith("np."):
        return getattr(np, node.attr, MISSING)
    return static(node)


def _example(lowering: Lowering, path: str, kind: Type | None, extents: dict[Dim, Dim]) -> Any:
    match kind:
        case Array(dtype, shape):
            dims = [lowering.sizes.reduce(d) for d in shape]
            own = [
                d if d.is_const else extents.setdefault(d, Dim.symbol(f"{path}.shape[{k}]")) for k, d in enumerate(dims)
            ]
            return Abstract(Array(dtype, tuple(own)))
        case Scalar(dtype, weak):
            return Abstract(Scalar(dtype, weak))
        case TupleOf(items):
            parts = tuple(_example(lowering, f"{path}[{k}]", item, extents) for k, item in enumerate(items))
            return None if None in parts else parts
    return None


def _lowered(lowering: Lowering, helper: str, program: Program) -> Function:
    body = [
        *[gast.Assign([gast.Name(n, gast.Store(), None, None)], build(p), None) for n, p in program.prologue.items()],
        *checks(program, helper),
        *spell_accumulations(list(program.function.body)),
        gast.Return(tree_expression(program.result, _leaf)),
    ]
    read = {n.id for s in body for n in nodes_in(s) if isinstance(n, gast.Name)}
    params = tuple(p for p in program.parameters if p in read)
    function = Function(
        helper,
        params,
        tuple(body),
        dict(program.function.types),
        program.function.temporaries,
        globals=dict(program.function.globals),
    )
    return lowering.nested(optimize(function), program.sizes)


def _leaf(leaf: Any) -> gast.expr:
    return gast.Constant(leaf.value, None) if leaf.name is None else name(leaf.name)


def checks(program: Program, helper: str) -> list[gast.stmt]:
    """What the code of a helper takes for granted about sizes, checked when it is entered."""
    conditions = [str(c) for c in program.sizes.needed()]
    if not conditions:
        return []
    message = gast.Constant(f"{helper}: the sizes of the arguments do not agree", None)
    test = gast.UnaryOp(gast.Not(), build(" and ".join(conditions)))
    return [gast.If(test, [gast.Raise(gast.Call(name("ValueError"), [message], []), None)], [])]
