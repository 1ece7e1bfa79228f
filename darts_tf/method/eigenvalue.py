"""The largest eigenvalue of a symmetric matrix that is known by its products alone.

RobustDARTS (arXiv 1909.09656, section 3) looks at the Hessian of the validation loss in
alpha: where its largest eigenvalue rises, the validation loss is sharp in alpha, and
the derived cell, which lies at some distance from alpha, is worse than the search makes
believe.

From a random unit vector q_1, the Lanczos method builds orthonormal vectors

    b_k q_(k+1) = H q_k - a_k q_k - b_(k-1) q_(k-1),    a_k = q_k . H q_k,

so that in their span H is the tridiagonal matrix T of the a and b. The largest
eigenvalue t of T, with its unit vector s, stands for that of H, and

    || H y - t y || = b_k |s_k|,    y = sum_i s_i q_i,

is how far t is at most from an eigenvalue of H. In exact arithmetic the vectors are
orthogonal by themselves; here each is made so, against all before it.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

TOLERANCE = 1e-3
MOST_PRODUCTS = 20


class Eigenvalue(NamedTuple):
    """The algebraically largest eigenvalue of a symmetric matrix, as far as known.

    Attributes:
        value: The Ritz value.
        residual: Norm of what its vector lacks to be an eigenvector.
        products: Number of products with the matrix that it took.
    """

    value: float
    residual: float
    products: int


def lanczos(
    product: Callable[[np.ndarray], np.ndarray],
    size: int,
    seed: int = 0,
    tolerance: float = TOLERANCE,
    most_products: int = MOST_PRODUCTS,
) -> Eigenvalue:
    """Computes the algebraically largest eigenvalue by the Lanczos method.

    Args:
        product: Function that multiplies a vector of shape `(size,)` by the matrix.
        size: Number of rows of the matrix.
        seed: Integer, of the vector to begin with.
        tolerance: Residual at which it ends, as a share of the value.
        most_products: Number of products at which it ends anyway.

    Returns:
        The `Eigenvalue`; NaN if a product is not finite.
    """
    q = np.random.default_rng(seed).normal(size=size)
    basis, diagonal, beside = [q / np.linalg.norm(q)], [], []
    while True:
        image = np.asarray(product(basis[-1]), np.float64)
        diagonal.append(basis[-1] @ image)
        if not np.isfinite(image).all():
            return Eigenvalue(np.nan, np.nan, len(diagonal))
        scale = np.linalg.norm(image)
        image = _orthogonal_to(basis, image)
        beside.append(np.linalg.norm(image))
        found = _largest(diagonal, beside)
        # A rest that is rounding: the vectors span all that the first one reaches.
        is_whole = beside[-1] <= 1e-12 * scale or len(basis) == size
        if (
            is_whole
            or found.residual <= tolerance * abs(found.value)
            or found.products == most_products
        ):
            return found
        basis.append(image / beside[-1])


def _orthogonal_to(basis, vector):
    # Twice is enough: the first pass may cancel all but a few digits.
    for _ in range(2):
        vector = vector - np.transpose(basis) @ (np.array(basis) @ vector)
    return vector


def _largest(diagonal, beside):
    inner = beside[:-1]
    tridiagonal = np.diag(diagonal) + np.diag(inner, 1) + np.diag(inner, -1)
    values, vectors = np.linalg.eigh(tridiagonal)
    residual = beside[-1] * abs(vectors[-1, -1])
    return Eigenvalue(float(values[-1]), float(residual), len(diagonal))
