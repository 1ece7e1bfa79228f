import collections

import pytest

from darts_tf.errors import UserError
from darts_tf.protocol.checks import check_parts
from darts_tf.protocol.config import ProtocolConfig
from darts_tf.protocol.paper import paper_plan
from darts_tf.protocol.part import Found


def plan(**settings):
    return paper_plan(ProtocolConfig(**{"method": ("darts",), **settings}))


def by_name(parts):
    return {part.name: part for part in parts}


def test_the_parts_of_the_paper():
    """Four searches, a brief training of each, ten trainings of the best."""
    parts = by_name(plan().parts)
    stages = collections.Counter(name.partition("/")[0] for name in parts)
    assert stages == {"searches": 4, "brief": 4, "trainings": 10}
    searches = [parts[f"searches/darts-{number}"] for number in range(1, 5)]
    assert [part.settings["seed"] for part in searches] == [0, 1, 2, 3]
    brief = parts["brief/darts-3"]
    assert brief.cells == Found("searches/darts-3")
    expected = {"epochs": 100, "half": "first", "evaluated": "other_half", "seed": 0}
    assert expected.items() <= brief.settings.items()
    training = parts["trainings/darts-10"]
    assert training.awaits == tuple(f"brief/darts-{number}" for number in range(1, 5))
    assert training.settings["seed"] == 9 and "half" not in training.settings


def test_orders_are_methods_of_their_own():
    names = {part.name for part in plan(order=("first", "second"), searches=1).parts}
    searches = {name for name in names if name.startswith("searches")}
    assert searches == {"searches/darts_first-1", "searches/darts_second-1"}
    # Where there is one search, there is no choice; one level has no order.
    assert not any(name.startswith("brief") for name in names)
    (snas, *_) = plan(method=("snas",), order=("second",), searches=1).parts
    assert "order" not in snas.settings
    check_parts([snas])


def test_progress_has_epochs_and_published_cells():
    settings = {"searches": 2, "progress": 2, "search_settings": ("epochs=5",)}
    progress = [
        part for part in plan(**settings).parts if part.name.startswith("progress")
    ]
    assert [part.name.partition("/")[2] for part in progress] == [
        "NASNet-A",
        "AmoebaNet-A",
        "ENAS",
        *(f"darts-{k}-epoch-{epoch:03d}" for k in (1, 2) for epoch in (2, 4)),
    ]
    assert progress[-1].cells == Found("searches/darts-2", 4, earlier=(2,))
    assert progress[0].settings["genotype"] == "NASNet-A" and not progress[0].cells


def test_texts_have_programs_of_their_own():
    parts = by_name(plan(dataset="ptb", data_dir="ptb", trainings=1).parts)
    search, brief = parts["searches/darts-1"], parts["brief/darts-1"]
    assert search.program.module == "trainers.search_rnn"
    assert brief.program.module == "trainers.eval_ptb"
    assert (brief.settings["epochs"], brief.settings["data_dir"]) == (300, "ptb")
    wikitext = by_name(plan(dataset="wikitext2", trainings=1).parts)
    assert wikitext["trainings/darts-1"].program.module == "trainers.eval_wikitext2"


def test_an_unknown_method_is_refused():
    with pytest.raises(UserError, match=r"`method`=nothing: expected some of .*snas"):
        plan(method=("nothing",))
