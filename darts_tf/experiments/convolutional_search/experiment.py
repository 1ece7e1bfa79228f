"""A whole convolutional search: from images to a genotype and a report."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import keras

from darts_tf.convolutional.forms.form import settled_form
from darts_tf.costs.latency.verification import verify_latency
from darts_tf.distribution.cluster import find_cluster
from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.experiments.convolutional_search.data import SearchData
from darts_tf.experiments.convolutional_search.page import write_search_report
from darts_tf.experiments.convolutional_search.recorder import SearchRecorder
from darts_tf.experiments.convolutional_search.results import (
    COLUMNS,
    CONFIG_FORMAT,
    SearchRun,
    columns_for,
    read_run,
)
from darts_tf.experiments.convolutional_search.staged_search import StagedSearch
from darts_tf.experiments.cost_settings import checked_cost
from darts_tf.experiments.kept_epochs import recommended
from darts_tf.runs.epoch_recorder import EpochRecorder


class ConvolutionalSearch(StagedSearch):
    """Search of a normal and a reduction cell (paper, section 3.1.1)."""

    NAME = "search"
    FORMAT, COLUMNS = CONFIG_FORMAT, COLUMNS
    SCORE, LOSSES = SearchRun.SCORE, ("loss", "arch_loss")
    Config, Data = SearchConfig, SearchData
    read, write_page = staticmethod(read_run), staticmethod(write_search_report)

    def prepare(self) -> None:
        # What the run's configuration holds, so that it continues in the same form.
        form = settled_form(self.config.form)
        self.config = dataclasses.replace(self.config, form=form)
        self.config.check_primitives()
        self.config.check_selection()
        self.cell_table = self.config.open_table()

    def check_replicas(self, count: int) -> None:
        if self.config.projection == "none":
            return
        several = self.config.strategy in ("auto", "multi_worker")
        workers = find_cluster() if several else None
        if workers and workers.count > 1:
            raise UserError(
                f"`projection`={self.config.projection} decides on one machine, and "
                f"TF_CONFIG names {workers.count}; give `strategy=mirrored`."
            )

    def search_columns(self) -> Sequence[str]:
        return columns_for(self.config.search_space().kinds, bool(self.cell_table))

    def further_results(self, run: SearchRun) -> dict[str, Any]:
        if self.cost is None:
            return {}
        genotype = run.genotypes[recommended(run).epoch]
        found = checked_cost(self.cost.costs, genotype, self.config.cost_target)
        print(found, flush=True)
        results = {"derived_network": found._asdict()}
        if self.config.verify_latency:
            verified = verify_latency(
                self.cost.costs.network, genotype, self.cost.costs.model
            )
            print(f"Latency of the derived network: {verified}.", flush=True)
            results["latency"] = verified._asdict()
        return results

    def make_model(self) -> keras.Model:
        model = super().make_model()
        model.validation_half = self.data.validation_batches
        return model

    def recorder(self, *records: Any) -> EpochRecorder:
        return SearchRecorder(
            self.path, self.config.total_epochs, self.cell_table, *records
        )
