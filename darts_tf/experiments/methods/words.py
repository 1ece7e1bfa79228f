"""The parts of a search method in words, as its report lists them."""

from collections.abc import Mapping
from typing import Any

from darts_tf.costs.registry import unit_of
from darts_tf.method.architecture_cost import LAGRANGIAN

_RELAXATIONS = {
    "softmax": "softmax of alpha",
    "sigmoid": "sigmoid of each alpha",
    "gumbel": "softmax of alpha with Gumbel noise, temperature {} to {}",
    "gumbel_hard": "one operation drawn by Gumbel noise, temperature {} to {}",
    "dirichlet": "a draw from Dirichlet(elu(alpha) + 1)",
    "annealed": "softmax of alpha over a temperature, {} to {}",
}
_OF_STAGES = {
    "stage_operations": "operations on an edge",
    "stage_layers": "cells",
    "stage_partial_channels": "parts of the channels",
    "stage_skip_dropout": "dropout after skip connections",
}
_ORDERS = {"alpha_first": "alpha, then w", "w_first": "w, then alpha"}


def method_in_words(settings: Mapping[str, Any]) -> dict[str, str]:
    """Returns what each part of the method of a search is.

    Args:
        settings: The settings of the run; those of earlier versions know no method.

    Returns:
        Text by the name of the part; empty where the settings do not say it.
    """
    if "relaxation" not in settings:
        return {}
    return {
        "method": settings["method"],
        "relaxation": _relaxation(settings),
        "updates": _updates(settings),
        "edge": _edge(settings),
        "terms of alpha's loss": _terms(settings),
        "perturbation": _perturbation(settings),
        "schedule": _schedule(settings),
        "selection": _selection(settings),
        "stop": _stop(settings),
        **_cost(settings),
    }


def _relaxation(settings):
    temperatures = (settings["temperature"], settings["temperature_last"])
    return _RELAXATIONS[settings["relaxation"]].format(*temperatures)


def _updates(settings):
    if settings["levels"] == 1:
        return "alpha and w at once, by the gradient of the training loss"
    return f"{_ORDERS[settings['update_order']]}; {settings['order']} order"


def _edge(settings):
    parts = []
    if settings.get("partial_channels", 1) > 1:
        parts.append(f"1/{settings['partial_channels']} of the channels is mixed")
    if settings.get("edge_normalization"):
        parts.append("edges have weights")
    if weight := settings.get("auxiliary_skip"):
        decay = settings["auxiliary_decay"]
        parts.append(f"a skip connection beside it, weight {weight}, decay {decay}")
    if rate := settings.get("skip_dropout"):
        parts.append(f"dropout after skip connections, {rate} at first")
    return "; ".join(parts) or "whole"


def _terms(settings):
    weights = {
        f"zero-one ({settings['zero_one_form']})": settings["zero_one_weight"],
        "log sum exp, growth an epoch": settings["logsumexp_growth"],
        "Dirichlet divergence": settings["divergence_weight"],
        "entropy": settings["entropy_weight"],
    }
    named = (f"{name}: {weight}" for name, weight in weights.items() if weight)
    return "; ".join(named) or "none"


def _cost(settings):
    """What the derived network may cost, nothing where that is not looked at."""
    if settings.get("cost", "none") == "none":
        return {}
    unit, target = unit_of(settings["cost"]), settings["cost_target"]
    if target is None:
        return {"cost of the derived network": f"{unit}, without a target"}
    form = settings["cost_form"]
    if form != LAGRANGIAN:
        form += f" of weight {settings['cost_weight']}"
    words = f"at most {target:g} {unit}; {form}, temperature "
    words += f"{settings['cost_temperature']:g}"
    if settings["select_within_target"]:
        words += "; the genotype is chosen within it"
    return {"cost of the derived network": words}


def _perturbation(settings):
    kind = settings["perturbation"]
    radius = settings["perturbation_radius"]
    if kind == "none" or not radius:
        return "none"
    if kind == "sharpness":
        return f"of alpha along its gradient, times {radius}"
    return f"{kind}, {settings['perturbation_first_radius']} to {radius}"


def _schedule(settings):
    parts = []
    if frozen := settings["frozen_epochs"]:
        parts.append(f"alpha frozen for {frozen} epochs")
    if stages := settings.get("stage_epochs"):
        parts.append(f"stages after epochs {_joined(stages)}")
        for name, words in _OF_STAGES.items():
            if values := settings[name]:
                parts.append(f"{words} {_joined(values)}")
    if threshold := settings.get("pruning_threshold"):
        parts.append(f"operations leave below {threshold} of an equal share")
    if threshold := settings.get("freezing_threshold"):
        measure = settings["freezing_measure"]
        parts.append(f"operations freeze below a cosine ({measure}) of {threshold}")
    return "; ".join(parts) or "none"


def _joined(values):
    return ", ".join(map(str, values))


def _selection(settings):
    kind = settings["selection"]
    if settings.get("projection", "none") != "none":
        return f"edge by edge, by the {settings['projection']} that is missed most"
    if kind.startswith("threshold"):
        return f"{kind} {settings['selection_threshold']}"
    if kind == "few_skips":
        return f"at most {settings['most_skips']} skip connections"
    return {"pairs": "the strongest two pairs of operation and source"}.get(
        kind, "the strongest two edges, or what the space keeps"
    )


def _stop(settings):
    rules = [rule.replace("_", " ") for rule in settings["stop"]]
    if settings.get("eigenvalue") == "stop":
        rules.append("rising eigenvalue")
    return ", ".join(rules) or "none"
