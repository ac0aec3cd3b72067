"""The public functions: grad and its kin."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from adgen.derivatives import Argnums, Derivative
from adgen.dispatch import promoted
from adgen.draws import Draws
from adgen.errors import CannotInfer
from adgen.frontend.spelt_out import spelt_out
from adgen.modes import Composed, JacobianVector, VectorJacobian, copied, differentiable
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
    names = list(inspect.signature(spelt_out(f)).parameters)
    if isinstance(argnums, tuple | list):
        raise ValueError("one argument at a time here: argnums is an index or a name")  # noqa: TRY004
    return names.index(argnums) if isinstance(argnums, str) else argnums % len(names)


def _basis(value: Any) -> Iterator[Any]:
    """Unit vectors of a number's or an array's space."""
    if np.ndim(value) == 0:
        yield 1.0 if not isinstance(value, np.ndarray) else np.ones_like(value)
        return
    for k in range(np.size(value)):
        unit = np.zeros(np.shape(value), np.asarray(value).dtype)
        unit.flat[k] = 1.0
        yield unit


def jacfwd(f: Callable[..., Any], argnums: int | str = 0, *, jit: bool = False) -> Composed:
    """Jacobian by forward mode, one sweep for each input element: shape ``result.shape + argument.shape``.

    Examples
    --------
    >>> import numpy as np
    >>> jacfwd(lambda x: x * x)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """
    forward = jvp(f, jit=jit)
    position = _single(argnums, f)

    def jacobian_function(*args: Any) -> Any:
        x = args[position]
        if np.size(x) == 0:
            value = np.asarray(f(*args))
            return np.zeros(np.shape(value) + np.shape(x))
        seeds = [[unit if k == position else None for k in range(len(args))] for unit in _basis(x)]
        draws = forward.draws(args, seeds[0])
        tangents = [forward(args, seeds[0])[1]]
        for seed in seeds[1:]:
            with draws.repeated():
                tangents.append(forward(args, seed)[1])
        return _columns(tangents, np.shape(x))

    return Composed(jacobian_function, f, "jacobian", "forward_dispatcher", position, forward=forward)


def _columns(tangents: list[Any], shape: tuple[int, ...]) -> Any:
    first = tangents[0]
    if isinstance(first, tuple | list):
        return type(first)(_columns([t[k] for t in tangents], shape) for k in range(len(first)))
    if isinstance(first, dict):
        return {key: _columns([t[key] for t in tangents], shape) for key in first}
    if shape == ():
        return first
    stacked = np.stack([np.asarray(t) for t in tangents], axis=-1)
    return stacked.reshape(np.shape(first) + shape)


def jacrev(f: Callable[..., Any], argnums: int | str = 0, *, jit: bool = False) -> Composed:
    """Jacobian by reverse mode, one sweep for each result element: shape ``result.shape + argument.shape``.

    Examples
    --------
    >>> import numpy as np
    >>> jacrev(lambda x: np.sum(x * x))(np.array([1.0, 2.0]))
    array([2., 4.])
    """
    reverse = vjp(f, jit=jit)
    position = _single(argnums, f)

    def jacobian_function(*args: Any) -> Any:
        value, pullback = reverse(*args)
        return _rows(value, pullback, lambda c: c, position)

    return Composed(
        jacobian_function, f, "jacobian", "reverse_dispatcher", position, forward=reverse.forward, reverse=reverse
    )


def _rows(value: Any, pullback: Callable[[Any], Any], place: Callable[[Any], Any], position: int) -> Any:
    if isinstance(value, tuple | list):

        def at(k: int) -> Callable[[Any], Any]:
            return lambda c: place(type(value)(c if j == k else _zeros(v) for j, v in enumerate(value)))

        return type(value)(_rows(v, pullback, at(k), position) for k, v in enumerate(value))
    if isinstance(value, dict):

        def under(key: Any) -> Callable[[Any], Any]:
            return lambda c: place({j: c if j == key else _zeros(v) for j, v in value.items()})

        return {key: _rows(v, pullback, under(key), position) for key, v in value.items()}
    rows = [pullback(place(unit))[position] for unit in _basis(value)]
    if np.ndim(value) == 0:
        return rows[0]
    shape = np.shape(rows[0]) if rows else ()
    if not rows:
        return np.zeros(np.shape(value))
    return np.stack([np.asarray(r) for r in rows]).reshape(np.shape(value) + shape)


def _zeros(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return type(value)(map(_zeros, value))
    if isinstance(value, dict):
        return {k: _zeros(v) for k, v in value.items()}
    return np.zeros_like(value) if isinstance(value, np.ndarray) else 0.0


def jacobian(f: Callable[..., Any], argnums: int | str = 0, *, jit: bool = False) -> Composed:
    """Jacobian, by the mode that takes fewer sweeps: shape ``result.shape + argument.shape``.

    Examples
    --------
    >>> import numpy as np
    >>> jacobian(lambda x: np.maximum(x, 0.0))(np.array([-1.0, 2.0]))
    array([[0., 0.],
           [0., 1.]])
    """
    forward, reverse = jacfwd(f, argnums, jit=jit), jacrev(f, argnums, jit=jit)
    position = _single(argnums, f)

    def jacobian_function(*args: Any) -> Any:
        with Draws(args).repeated():  # only the shape is asked for
            value = f(*(copied(a) for a in args))
        wide = isinstance(value, np.ndarray | float | np.generic) and np.size(value) < np.size(args[position])
        return (reverse if wide else forward)(*args)

    return Composed(
        jacobian_function,
        f,
        "jacobian",
        "jacobian_dispatcher",
        position,
        forward=forward.forward,
        reverse=reverse.reverse,
    )


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


def hessian(f: Callable[..., Any], argnums: int | str = 0, *, jit: bool = False) -> Composed:
    """Matrix of second derivatives, forward over reverse: shape ``argument.shape * 2``.

    Examples
    --------
    >>> import numpy as np
    >>> hessian(lambda x: x[0] * x[1])(np.array([3.0, 4.0]))
    array([[0., 1.],
           [1., 0.]])
    """
    columns = jacfwd(grad(f, _single(argnums, f)), _single(argnums, f), jit=jit)
    return Composed(columns.run, f, "hessian", columns.made, columns.position, forward=columns.forward)


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
