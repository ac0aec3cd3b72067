"""The public functions: grad and its kin."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from adgen.derivatives import Argnums, Derivative
from adgen.dispatch import promoted
from adgen.errors import CannotInfer
from adgen.jacobians import Jacobian, positions
from adgen.modes import Composed, JacobianVector, VectorJacobian, differentiable
from adgen.options import Options
from adgen.signatures import from_annotations, from_signature, guessed


def _transform(product: str, function: Any, argnums: Argnums, has_aux: bool, jit: bool, exact_sums: bool) -> Any:
    options = Options(jit, exact_sums)
    if function is None:
        return lambda f: Derivative(f, product, argnums, has_aux=has_aux, options=options)
    return Derivative(function, product, argnums, has_aux=has_aux, options=options)


def grad(
    f: Callable[..., Any] | None = None,
    argnums: Argnums = 0,
    *,
    has_aux: bool = False,
    jit: bool = False,
    exact_sums: bool = False,
) -> Any:
    """Gradient of a function of one real result, by reverse mode.

    Parameters
    ----------
    f
        A Python function of floats, arrays and containers of those; may be left out to decorate.
    argnums
        Index or name of the argument, or a tuple of those (then a tuple is returned).
    has_aux
        `f` returns ``(value, aux)``; the result is ``(gradient, aux)``.
    jit
        Compile with Numba.
    exact_sums
        Under Numba, keep the order of floating-point sums.

    Returns
    -------
    Derivative
        A callable that takes the arguments of `f` and returns the gradient in the structure of the
        argument.  Cost: a small multiple of that of `f`, whatever the number of inputs.

    Raises
    ------
    NotScalar
        When called, if `f` does not return one real number.
    AdgenError
        When called, if something in `f` can't be differentiated; the error says where, why and what to write.

    Examples
    --------
    >>> grad(lambda x: x ** 3)(2.0)
    12.0
    >>> @grad(argnums=("a", "b"))
    ... def product(a, b):
    ...     return a * b
    >>> product(3.0, 4.0)
    (4.0, 3.0)
    """
    return _transform("grad", f, argnums, has_aux, jit, exact_sums)


def value_and_grad(
    f: Callable[..., Any] | None = None,
    argnums: Argnums = 0,
    *,
    has_aux: bool = False,
    jit: bool = False,
    exact_sums: bool = False,
) -> Any:
    """Value and gradient in one sweep; fits ``scipy.optimize.minimize(..., jac=True)``.

    Parameters, errors and cost as for `grad`.

    Examples
    --------
    >>> value_and_grad(lambda x: x * x)(3.0)
    (9.0, 6.0)
    """
    return _transform("value_and_grad", f, argnums, has_aux, jit, exact_sums)


def vjp(f: Callable[..., Any], *, jit: bool = False) -> VectorJacobian:
    """Reverse mode of any result: ``vjp(f)(*args) -> (value, pullback)``.

    ``pullback(cotangent)`` takes the structure of the result and returns one gradient for each argument
    (None where none can exist).  A function that returns None delivers the arrays that it writes into.

    Examples
    --------
    >>> value, pullback = vjp(lambda x, y: (x * y, x + y))(2.0, 3.0)
    >>> pullback((1.0, 10.0))
    (13.0, 12.0)
    """
    return VectorJacobian(f, Options(jit))


def jvp(f: Callable[..., Any], *, jit: bool = False) -> JacobianVector:
    """Forward mode: ``jvp(f)(primals, tangents) -> (value, tangent)``.

    One tangent for each argument; None for those held fixed or not differentiable.  Cost: about twice `f`.

    Examples
    --------
    >>> jvp(lambda x, y: x * y)((2.0, 3.0), (1.0, None))
    (6.0, 3.0)
    """
    return JacobianVector(f, Options(jit))


def _single(argnums: Argnums, f: Callable[..., Any]) -> int:
    if isinstance(argnums, tuple | list):
        raise ValueError("one argument at a time here: argnums is an index or a name")  # noqa: TRY004
    return positions(argnums, f)[0]


def jacfwd(f: Callable[..., Any], argnums: Argnums = 0, *, jit: bool = False) -> Jacobian:
    """Jacobian by forward mode: shape ``result.shape + argument.shape``.

    If the arguments have few elements (up to nine; an array's extents are then part of the specialisation), one sweep
    computes all columns, else there is a sweep for each input element.  For a tuple of `argnums` there is a tuple in
    the place of each result.

    Examples
    --------
    >>> import numpy as np
    >>> jacfwd(lambda x: x * x)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """
    return Jacobian(f, argnums, "columns", jit=jit)


def jacrev(f: Callable[..., Any], argnums: Argnums = 0, *, jit: bool = False) -> Jacobian:
    """Jacobian by reverse mode: shape ``result.shape + argument.shape``.

    If the results have few elements (up to nine; an array's extents are then part of the specialisation), one sweep
    computes all rows: the function itself, its record and the partial derivatives are shared.  Else there is a sweep
    for each row.  For a tuple of `argnums` there is a tuple in the place of each result.

    Examples
    --------
    >>> import numpy as np
    >>> jacrev(lambda x: np.sum(x * x))(np.array([1.0, 2.0]))
    array([2., 4.])
    >>> jacrev(lambda x, y: (x * y, x / y), argnums=(0, 1))(3.0, 2.0)
    ((2.0, 3.0), (0.5, -0.75))
    """
    return Jacobian(f, argnums, "rows", jit=jit)


def jacobian(f: Callable[..., Any], argnums: Argnums = 0, *, jit: bool = False) -> Jacobian:
    """Jacobian, by the mode that takes fewer sweeps: shape ``result.shape + argument.shape``.

    Examples
    --------
    >>> import numpy as np
    >>> jacobian(lambda x: np.maximum(x, 0.0))(np.array([-1.0, 2.0]))
    array([[0., 0.],
           [0., 1.]])
    """
    return Jacobian(f, argnums, "fewer", jit=jit)


def hvp(f: Callable[..., Any], argnums: int | str = 0, *, jit: bool = False) -> Composed:
    """Hessian times a vector, forward over reverse: ``hvp(f)(*args, v)``.

    Cost: about twice the gradient.

    Examples
    --------
    >>> import numpy as np
    >>> hvp(lambda x: np.sum(x ** 3))(np.array([1.0, 2.0]), np.array([1.0, 0.0]))
    array([6., 0.])
    """
    position = _single(argnums, f)
    forward = jvp(grad(f, position), jit=jit)

    def product(*args: Any) -> Any:
        *primals, direction = args
        tangents = [direction if k == position else None for k in range(len(primals))]
        return forward(primals, tangents)[1]

    return Composed(product, f, "hvp", "product_dispatcher", position, forward=forward)


def hessian(f: Callable[..., Any], argnums: int | str = 0, *, jit: bool = False) -> Jacobian:
    """Matrix of second derivatives, forward over reverse: shape ``argument.shape * 2``.

    If the argument has few elements (up to nine), one sweep computes all columns, as for `jacfwd`.

    Examples
    --------
    >>> import numpy as np
    >>> hessian(lambda x: x[0] * x[1])(np.array([3.0, 4.0]))
    array([[0., 1.],
           [1., 0.]])
    """
    position, name = _single(argnums, f), f"{getattr(f, '__name__', 'function')}_hessian"
    return Jacobian(grad(f, position), position, "columns", jit=jit, name=name)


def elementwise_grad(f: Callable[..., Any], argnums: int | str = 0, *, jit: bool = False) -> Composed:
    """Derivative of an elementwise function, element by element (the diagonal of its Jacobian).

    Examples
    --------
    >>> import numpy as np
    >>> elementwise_grad(lambda x: x ** 2)(np.array([1.0, 2.0]))
    array([2., 4.])
    """
    reverse = vjp(f, jit=jit)
    position = _single(argnums, f)

    def derivative(*args: Any) -> Any:
        value, pullback = reverse(*args)
        return pullback(np.ones_like(value) if isinstance(value, np.ndarray) else 1.0)[position]

    return Composed(
        derivative,
        f,
        "elementwise_grad",
        "diagonal_dispatcher",
        position,
        forward=reverse.forward,
        reverse=reverse,
    )


def source(derivative: Any, *example_args: Any, **example_kwargs: Any) -> str:
    """The generated text of a derivative for example arguments (or its annotated types).

    Examples
    --------
    >>> print(source(grad(lambda x: x ** 3), 1.0).splitlines()[-1].strip())
    return 3.0 * x ** 2
    """
    if not hasattr(type(derivative), "source"):
        raise CannotInfer(
            "no-derivative",
            f"{derivative!r} is not a derivative made by adgen",
            None,
            reason="only generated functions have generated source.",
            remedy="adgen.grad(f)",
        )
    if isinstance(derivative, Derivative) and (example_args or example_kwargs):
        arguments = derivative.bind(example_args, example_kwargs)
        for name in derivative._wrt:  # noqa: SLF001
            arguments[name] = promoted(arguments[name], name, strict=True)
        return derivative.specialization(arguments).ready.text
    if example_args and isinstance(derivative, VectorJacobian):
        derivative(*example_args, **example_kwargs)
    elif example_args and isinstance(derivative, Jacobian):
        derivative(*example_args)
    elif example_args and isinstance(derivative, JacobianVector):
        derivative(example_args, [np.ones_like(a) if differentiable(a) else None for a in example_args])
    return derivative.source


def generate_module(entries: Sequence[Any]) -> str:
    """Text of a stand-alone module with derivatives of the functions in `entries` (see `adgen.build`)."""
    from adgen.emit.module import render_module
    from adgen.pipeline import IMPORTS, decorated_parts, generate

    parts: list[Any] = []
    runtime: list[Any] = []
    plain: list[Any] = []
    users: dict[str, Any] = {}
    compiled = next((Options(True).decorator() for e in entries if e.jit), None)
    for entry in entries:
        function = entry.function
        types = from_signature(function, entry.signature) if entry.signature else from_annotations(function)
        if types is None:
            types = guessed(function)
        names = list(inspect.signature(function).parameters)
        chosen = entry.argnums if isinstance(entry.argnums, tuple | list) else (entry.argnums,)
        wrt = tuple(a if isinstance(a, str) else names[a] for a in chosen)
        for product in entry.products:
            generated = generate(function, types, product, wrt, options=Options(entry.jit, alone=True))
            parts += decorated_parts(generated, Options(entry.jit))
            users |= {n: g for n, g in generated.globals.items() if g.module != "adgen.runtime"}
            runtime += [f for f in generated.runtime_functions if f not in runtime]
            plain += [f for f in generated.plain if f not in plain]
    return render_module(
        parts,
        imports=IMPORTS,
        runtime_functions=runtime,
        plain_functions=plain,
        user_globals=users.values(),
        helper_decorator=compiled,
    )
