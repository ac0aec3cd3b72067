"""Adjoints of views in the shape of what they are views of; diagonals, which NumPy lets nobody write into."""

from __future__ import annotations

import gast

from adgen.program.syntax import clone, nodes_in
from adgen.transforms.base import Transform
from adgen.transforms.nodes import constant, load, numpy_call, store

READ_ONLY_VIEWS = frozenset(("np.diag", "np.diagonal", "np.linalg.diagonal"))


class Diagonals(Transform):
    """Contributions to a read-only view go to its parent, in the parent's shape."""

    def need_all(self, expr: gast.expr, without: gast.expr | None = None) -> None:
        raise NotImplementedError

    def is_diagonal(self, name: str) -> bool:
        view = self.storage.views.get(name)
        return isinstance(view, gast.Call) and callee(view) in READ_ONLY_VIEWS

    def is_read_only(self, name: str) -> bool:
        """Whether a view is a diagonal, or a view of one."""
        while self.storage.is_lens(name):
            if self.is_diagonal(name):
                return True
            name = self.storage.parent[name]
        return False

    def spread_into_parent(self, name: str, expr: gast.expr) -> gast.expr:
        """The adjoint of a view in the shape of its parent, zero elsewhere."""
        view, parent = self.storage.views[name], self.storage.parent[name]
        if self.is_diagonal(name):
            return self.spread_diagonal(parent, view, expr)
        whole = self.zeros_for(parent)
        target = clone(view)
        for node in nodes_in(target):
            if isinstance(node, gast.Name) and node.id == parent:
                node.id = whole.id
        self.need_all(target, without=whole)
        everything = gast.Subscript(target, gast.Slice(None, None, None), gast.Store())
        if isinstance(target, gast.Subscript):
            everything = gast.Subscript(target.value, target.slice, gast.Store())
        self.emit(gast.AugAssign(everything, gast.Add(), expr))
        return load(whole.id)

    def saved_from(self, root: str, expr: gast.expr) -> gast.expr:
        """An expression that does not read the variable in which the adjoint of `root` is about to begin."""
        variable = self.bar_name(root)
        if root in self.bars or all(not isinstance(n, gast.Name) or n.id != variable for n in gast.walk(expr)):
            return expr
        saved = self.fresh(variable, temporary=True)
        self.types[saved] = self.infer(expr) or self.types[root]
        self.assign(saved, expr)
        return load(saved)

    def zeros_for(self, name: str) -> gast.Name:
        """Zeros that can be written, in the shape of a variable."""
        whole = self.fresh(f"{name}_bar", temporary=True)
        self.types[whole] = self.types[name]
        self.need_all(load(name))
        self.emit(gast.Assign([store(whole)], numpy_call("zeros_like", load(name)), None))
        return load(whole)

    def spread_diagonal(self, parent: str, view: gast.Call, expr: gast.expr) -> gast.expr:
        from adgen import runtime

        shape = gast.Attribute(load(parent), "shape", gast.Load())
        self.need_all(shape)
        given = dict(zip(("offset", "axis1", "axis2"), view.args[1:], strict=False))
        given |= {"offset" if k.arg == "k" else k.arg: k.value for k in view.keywords}
        stacked = callee(view) == "np.linalg.diagonal"
        usual = {"offset": 0, "axis1": -2 if stacked else 0, "axis2": -1 if stacked else 1}
        chosen = [clone(given[key]) if key in given else constant(k) for key, k in usual.items()]
        function = self.need_runtime("spread_diagonal", runtime.spread_diagonal)
        return gast.Call(load(function), [expr, shape, *chosen], [])


def callee(call: gast.Call) -> str:
    return gast.unparse(call.func).strip()
