"""The parts of a search method, made of the settings that describe them."""

from typing import Any

from darts_tf.method.methods import SearchMethod
from darts_tf.method.perturbations import (
    AdversarialPerturbation,
    RandomPerturbation,
    SharpnessAware,
)
from darts_tf.method.relaxations import AnnealedSoftmax, Relaxation, Sigmoid, Softmax
from darts_tf.method.sampled_relaxations import Dirichlet, GumbelSoftmax
from darts_tf.method.selections import AboveThreshold, FewSkips, StrongestPairs
from darts_tf.method.slots import Perturbation, Selection, Term
from darts_tf.method.terms import DirichletDivergence, Entropy, LogSumExp, ZeroOne


def relaxation_of(settings: Any) -> Relaxation:
    """Returns the relaxation of `MethodSettings`."""
    temperatures = (settings.temperature, settings.temperature_last, settings.epochs)
    return {
        "softmax": Softmax,
        "sigmoid": Sigmoid,
        "gumbel": lambda: GumbelSoftmax(False, *temperatures),
        "gumbel_hard": lambda: GumbelSoftmax(True, *temperatures),
        "dirichlet": Dirichlet,
        "annealed": lambda: AnnealedSoftmax(*temperatures),
    }[settings.relaxation]()


def terms_of(settings: Any) -> tuple[Term, ...]:
    """Returns the terms of alpha's loss of `MethodSettings`."""
    terms = []
    if settings.zero_one_weight:
        squared = settings.zero_one_form == "square"
        terms.append(ZeroOne(settings.zero_one_weight, squared))
    if settings.logsumexp_growth:
        terms.append(LogSumExp(settings.logsumexp_growth))
    if settings.divergence_weight:
        terms.append(DirichletDivergence(settings.divergence_weight))
    if settings.entropy_weight:
        terms.append(Entropy(settings.entropy_weight))
    return tuple(terms)


def perturbation_of(settings: Any) -> Perturbation | None:
    """Returns the perturbation of `MethodSettings`, or `None` if there is none."""
    radius = settings.perturbation_radius
    if settings.perturbation == "none" or not radius:
        return None
    if settings.perturbation == "sharpness":
        return SharpnessAware(radius)
    radii = (radius, settings.perturbation_first_radius, settings.epochs)
    if settings.perturbation == "random":
        return RandomPerturbation(*radii)
    return AdversarialPerturbation(
        *radii,
        steps=settings.perturbation_steps,
        of_training=settings.search_kind == "recurrent",
    )


def selection_of(settings: Any) -> Selection:
    """Returns the choice of the genotype of `MethodSettings`."""
    threshold = settings.selection_threshold
    return {
        "strongest": lambda: SearchMethod().selection,
        "pairs": StrongestPairs,
        "threshold": lambda: AboveThreshold(threshold, 1),
        "threshold_edge": lambda: AboveThreshold(threshold, 2),
        "few_skips": lambda: FewSkips(settings.most_skips),
    }[settings.selection]()
