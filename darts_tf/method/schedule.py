"""What a search changes from epoch to epoch: its stages, and when alpha moves."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import keras

from darts_tf.method.slots import PACKAGE, Slot
from darts_tf.space.search_space import SearchSpace


@dataclasses.dataclass(frozen=True)
class Stage(Slot):
    """A change of the network during the search.

    Args:
        first_epoch: The epoch before which it happens, counted from 0.
    """

    first_epoch: int

    def changed(self, network: keras.Model) -> keras.Model:
        """Returns the network of the stage, built, with what it keeps of the last one.

        Args:
            network: The network of the stage before.
        """
        raise NotImplementedError

    def rebuilt(self, network: keras.Model, space: SearchSpace) -> keras.Model:
        """Returns the network of the stage, built, with any weights.

        Args:
            network: The network of the stage before, with any weights.
            space: The space of the network that `changed` returned.
        """
        raise NotImplementedError

    def carry(self, before: keras.Model, after: keras.Model) -> None:
        """Carries over what the optimizers of a search keep; by default nothing.

        Args:
            before: The search of the network before.
            after: That of the network which `changed` returned, compiled.
        """


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class Schedule(Slot):
    """What changes from epoch to epoch.

    Args:
        frozen_epochs: Number of epochs, the first ones and those at the beginning of
            each stage, in which w alone moves.
        stages: The `Stage`s in the order of their epochs.
    """

    frozen_epochs: int = 0
    stages: tuple[Stage, ...] = ()

    def moves_architecture(self, epoch: int) -> bool:
        """Whether the steps of an epoch, counted from 0, move the architecture."""
        firsts = [0, *(stage.first_epoch for stage in self.stages)]
        return epoch >= self.frozen_epochs + max(n for n in firsts if n <= epoch)

    def parts(self, epochs: int) -> list[tuple[Stage | None, int, int]]:
        """Returns the parts of a search in which the network stays the same.

        Args:
            epochs: Number of all epochs; stages after them are left out.

        Returns:
            For each part the stage with which it begins, `None` for the first one, its
            first epoch, and the one after its last, counted from 0.
        """
        stages = [stage for stage in self.stages if stage.first_epoch < epochs]
        firsts = [0, *(stage.first_epoch for stage in stages)]
        return list(zip([None, *stages], firsts, [*firsts[1:], epochs]))

    def get_config(self) -> dict[str, Any]:
        stages = [*map(keras.saving.serialize_keras_object, self.stages)]
        return {**super().get_config(), "stages": stages}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> "Schedule":
        stages = map(keras.saving.deserialize_keras_object, config.get("stages", ()))
        return cls(**{**config, "stages": tuple(stages)})
