"""The methods that a protocol compares, as settings of searches."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from darts_tf.errors import UserError
from darts_tf.methods import get_preset, preset_names
from darts_tf.protocol.config import ProtocolConfig
from darts_tf.protocol.part_settings import given_settings
from darts_tf.protocol.programs import Program, Programs
from darts_tf.trials.methods import method_names

RANDOM = "random"


@dataclasses.dataclass(frozen=True)
class Method:
    """A method, of whatever kind.

    Attributes:
        label: Its name in folders and tables, with the order of the gradient if several
            are compared.
        program: The program of its searches.
        settings: Settings that make a search one by this method.
        searches: Number of its searches.
    """

    label: str
    program: Program
    settings: Mapping[str, Any]
    searches: int


def methods_of(config: ProtocolConfig, programs: Programs) -> list[Method]:
    """Returns the methods that a protocol compares, in their order.

    Args:
        config: The settings of the protocol.
        programs: The programs for its data.

    Raises:
        UserError: If there is no method of a name, or a setting of its searches is
            refused.
    """
    by_gradient, rivals = preset_names(programs.cells), method_names()
    methods = []
    for name in config.methods:
        if name in by_gradient:
            methods += _by_gradient(config, programs, name)
        elif name in rivals:
            methods.append(_rival(config, programs, name))
        else:
            known = ", ".join((*by_gradient, *rivals))
            raise UserError(f"`method`={name}: expected some of {known}.")
    return methods


def _by_gradient(config, programs, name) -> list[Method]:
    names = ("part_settings", "search_settings")
    given = given_settings(config, names, programs.search)
    orders = [{"order": order} for order in config.orders]
    if get_preset(name).settings_for(programs.cells).get("levels") == 1:
        orders = []  # one gradient moves alpha and w
    return [
        Method(
            "_".join([name, *order.values()]) if len(orders) > 1 else name,
            programs.search,
            {"method": name, **order, **given},
            config.num_searches,
        )
        for order in orders or [{}]
    ]


def _rival(config, programs, name) -> Method:
    names = ("part_settings", "brief_settings", "rival_settings")
    given = given_settings(config, names, programs.rival)
    return Method(
        name,
        programs.rival,
        {"method": name, "budget": config.search_budget, **given},
        1 if name == RANDOM else config.num_searches,
    )
