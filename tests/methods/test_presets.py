"""The published methods: what their settings make, and the gradients they lead to."""

import dataclasses
import pickle
from unittest import mock

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional.edges import PartialChannels, SkipDropout
from darts_tf.errors import SettingError, UserError
from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.experiments.recurrent_search.config import RecurrentSearchConfig
from darts_tf.method.methods import DARTS
from darts_tf.method.slots import Progress
from darts_tf.methods import (
    Preset,
    get_preset,
    preset_names,
    register_preset,
    registry,
)
from darts_tf.settings import settings_of
from darts_tf.tasks.configuration import configured
from tests.long_cases import with_long
from tests.method.method_checks import (
    ORDERS,
    PRIMITIVES,
    check_gradient,
    make_batch,
    make_model,
    orders_of,
    step_batches,
)
from tests.methods.small_presets import method_of

pytestmark = pytest.mark.usefixtures("shared_edges")

CONFIGS = {"convolutional": SearchConfig, "recurrent": RecurrentSearchConfig}
NAMES = {
    "darts",
    "pc_darts",
    "gdas",
    "snas",
    "drnas",
    "sdarts_rs",
    "sdarts_adv",
    "fair_darts",
    "beta_darts",
    "darts_minus",
    "a2m",
    "robust_darts",
    "darts_plus",
    "p_darts",
    "drnas_progressive",
    "asap",
    "darts_pt",
    "oles",
}
# Their coefficients are no smooth function of alpha for fixed noise.
DRAWN = ("gdas", "drnas", "drnas_progressive")
# These differ from others here by what does not concern alpha's gradient, or have a
# test of their own.
_SAME_GRADIENT = (
    "darts",
    "sdarts_rs",
    "sdarts_adv",
    "a2m",
    "robust_darts",
    "darts_plus",
    "darts_pt",
    "oles",
)
# They leave each edge with one operation, which must not be `none`.
WITHOUT_NONE = ("asap", "darts_pt")
SMOOTH = sorted(NAMES - {*DRAWN, *_SAME_GRADIENT})
NOT_RECURRENT = {
    "pc_darts",
    "darts_minus",
    "p_darts",
    "drnas_progressive",
    "darts_pt",
    "oles",
}
QUICK = [("darts_minus", "exact"), ("snas", "first")]


def primitives_of(name):
    """The operations in a search of a preset, as an argument."""
    return {"primitives": PRIMITIVES[1:] if name in WITHOUT_NONE else PRIMITIVES}


def test_all_are_found():
    assert set(preset_names("convolutional")) == NAMES
    assert set(preset_names("recurrent")) == NAMES - NOT_RECURRENT


@pytest.mark.parametrize("kind", CONFIGS)
@pytest.mark.parametrize("name", sorted(NAMES))
def test_settings_are_known_and_taken(kind, name):
    preset = get_preset(name)
    if not preset.serves(kind):
        with pytest.raises(UserError, match="`method`, expected one of"):
            configured(CONFIGS[kind](), method=name)
        return
    expected = preset.settings_for(kind)
    assert expected.keys() <= settings_of(CONFIGS[kind]).keys()
    config = configured(CONFIGS[kind](), method=name)
    assert {key: getattr(config, key) for key in expected} == expected
    method = config.search_method()
    assert method.name == name
    saved = keras.saving.serialize_keras_object(method)
    assert keras.saving.deserialize_keras_object(saved) == method


def test_stages_of_the_authors():
    method = configured(SearchConfig(), method="p_darts").search_method()
    parts = method.schedule.parts(75)
    assert [part[1:] for part in parts] == [(0, 25), (25, 50), (50, 75)]
    stages = [stage for stage, *_ in parts[1:]]
    assert [(x.operations, x.num_cells, x.carries) for x in stages] == [
        (5, 11, False),
        (3, 17, False),
    ]
    edges = [method.edge, *(stage.edge for stage in stages)]
    assert edges == [
        SkipDropout(rate, 10, 25, first)
        for rate, first in ((0.1, 0), (0.4, 25), (0.7, 50))
    ]
    method = configured(SearchConfig(), method="drnas_progressive").search_method()
    (stage,) = method.schedule.stages
    edges = [PartialChannels(share, normalized=False) for share in (6, 4)]
    assert [method.edge, stage.edge] == edges
    assert (stage.first_epoch, stage.operations, stage.carries) == (25, 4, True)


def test_learning_rate_of_stages():
    anew = configured(SearchConfig(), method="p_darts")
    rates = [anew.learning_rate_at(epoch) for epoch in range(75)]
    assert rates[:25] == rates[25:50] == rates[50:]
    assert rates[0] == 0.025 and 0 < rates[24] < 0.001
    once = configured(SearchConfig(), method="drnas_progressive")
    assert once.learning_rate_at(25) == pytest.approx(0.05)


def test_what_is_given_overrules_the_method():
    config = configured(
        SearchConfig(), method="pc_darts", batch_size=64, order="second"
    )
    assert (config.batch_size, config.order, config.partial_channels) == (
        64,
        "second",
        4,
    )
    assert configured(SearchConfig()) == SearchConfig()
    assert SearchConfig().search_method() == DARTS


@pytest.mark.parametrize("kind", CONFIGS)
def test_the_constructor_follows_the_method(kind):
    config = CONFIGS[kind]
    for name in preset_names(kind):
        assert config(method=name) == configured(config(), method=name)
    assert config(method="darts") == config()
    given = config(method="gdas", relaxation="softmax", order="second")
    expected = configured(config(), method="gdas", relaxation="softmax", order="second")
    assert given == expected and given.update_order == "w_first"
    for again in (
        config(**dataclasses.asdict(given)),
        dataclasses.replace(given, epochs=given.epochs),
        pickle.loads(pickle.dumps(given)),
    ):
        assert again == given


def test_the_constructor_takes_all_that_it_gets():
    """What is read back, or replaced, keeps its values, whatever the method sets."""
    named = dataclasses.replace(SearchConfig(), method="pc_darts")
    assert named.partial_channels == 1 and named.search_method().edge == DARTS.edge
    config = SearchConfig(method="gdas", space="nasbench201")
    assert config == configured(SearchConfig(), method="gdas", space="nasbench201")
    with pytest.raises(TypeError, match="partial_chanels"):
        SearchConfig(method="pc_darts", partial_chanels=4)
    with pytest.raises(SettingError, match="`method`=3: expected text"):
        SearchConfig(method=3)
    with pytest.raises(UserError, match="`method`, expected one of"):
        RecurrentSearchConfig(method="pc_darts")


def test_a_space_that_keeps_all_edges_selects_none():
    config = configured(SearchConfig(), method="gdas", space="nasbench201")
    assert config.selection == "strongest"
    config.check_selection()
    config = configured(SearchConfig(), space="nasbench201", selection="pairs")
    with pytest.raises(UserError, match="`selection`=pairs chooses between edges"):
        config.check_selection()


@mock.patch.dict(registry._PRESETS)
def test_a_method_of_ones_own():
    preset = Preset("test_own", "nowhere", {"entropy_weight": 0.1}, recurrent=None)
    assert register_preset(register_preset(preset)) == preset
    config = configured(SearchConfig(), method="test_own")
    assert [term.weight for term in config.search_method().terms] == [0.1]
    with pytest.raises(ValueError, match="one of another name"):
        register_preset(Preset("test_own", "elsewhere", {}))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"method": "dart"}, "`method`, expected one of a2m, asap, beta_darts"),
        ({"method": "snas", "order": "second"}, "`levels`=1"),
        (
            {"levels": 1, "order": "first", "perturbation": "random"},
            "both steps are one",
        ),
        ({"method": "gdas", "perturbation": "random"}, "`clip_with_alpha`"),
        ({"method": "drnas", "perturbation": "sharpness"}, "second derivatives"),
        ({"method": "pc_darts", "init_channels": 18}, "must divide"),
        ({"method": "p_darts", "stage_epochs": (25,)}, "has 2 values for 1 of"),
        ({"method": "p_darts", "stage_epochs": (25, 25)}, "25,25 must rise"),
        ({"method": "p_darts", "stage_operations": (5, 5)}, "5,5 must fall"),
        ({"method": "p_darts", "stage_carries": True}, "has no weights"),
        (
            {"method": "drnas_progressive", "stage_partial_channels": (9,)},
            "must not be above",
        ),
        (
            {"method": "drnas_progressive", "stage_partial_channels": (5,)},
            "`stage_partial_channels`=5 must divide",
        ),
        ({"method": "asap", "relaxation": "sigmoid"}, "`pruning_threshold`"),
        ({"method": "darts_pt", "pruning_threshold": 0.4}, "both decide"),
        ({"method": "darts_pt", "partial_channels": 4}, "`partial_channels`"),
        ({"method": "darts_pt", "auxiliary_skip": 1.0}, "`auxiliary_skip`"),
        (
            {"method": "darts_pt", "projection_learning_rate": 1e-4},
            "`projection_learning_rate`",
        ),
        (
            {"method": "oles", "levels": 1, "order": "first"},
            "it needs two gradients",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(settings, message):
    with pytest.raises(UserError, match=message):
        configured(SearchConfig(), **settings)


def _gradient_cases():
    return [(name, order) for name in SMOOTH for order in orders_of(method_of(name))]


@pytest.mark.parametrize(("name", "order"), with_long(_gradient_cases(), QUICK))
def test_gradient(name, order):
    check_gradient(method_of(name), *ORDERS[order], **primitives_of(name))


@pytest.mark.parametrize("name", DRAWN)
def test_gradient_in_what_is_drawn(name):
    """In the coefficients; how these follow from alpha, others test."""
    model = make_model(method_of(name))
    _, valid = step_batches(model)
    w, alpha = model._values()
    valid = model.network_loss.on_batch(*valid)
    coefficients = valid.relax(alpha)
    matrix = {kind: x["operations"] for kind, x in coefficients.items()}
    gradient = valid.of_coefficients.alpha_gradients(w, coefficients).alpha
    random, step = np.random.default_rng(7), 1e-6
    directions = {kind: random.normal(size=x.shape) for kind, x in matrix.items()}

    def loss(scale):
        moved = {
            kind: {"operations": x + scale * directions[kind]}
            for kind, x in matrix.items()
        }
        return float(valid.of_coefficients.alpha_gradients(w, moved).loss)

    expected = (loss(step) - loss(-step)) / (2 * step)
    found = sum(np.sum(g["operations"] * directions[k]) for k, g in gradient.items())
    assert found == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    "settings",
    [
        {"relaxation": "annealed"},
        {"perturbation": "random", "perturbation_radius": 0.0},
        {"perturbation": "sharpness", "perturbation_radius": 0.0},
        {"auxiliary_skip": 0.0, "partial_channels": 1, "skip_dropout": 0.0},
        {"zero_one_weight": 0.0, "logsumexp_growth": 0.0, "divergence_weight": 0.0},
        {"pruning_threshold": 0.0, "projection": "none", "freezing_threshold": 0.0},
    ],
    ids=str,
)
def test_neutral_settings_are_darts(settings):
    config = configured(SearchConfig(), **settings)
    if settings == {"relaxation": "annealed"}:
        assert not config.search_method().relaxation.draws
    else:
        assert config.search_method() == DARTS


@pytest.mark.parametrize("name", ["gdas", "drnas", "sdarts_rs"])
def test_same_seed_gives_the_same_bits(name):
    results = []
    for _ in range(2):
        model = make_model(method_of(name))
        for _ in range(2):
            model.train_step((make_batch(0), make_batch(1)))
        results.append([v.numpy().tobytes() for v in model.state_variables])
    assert results[0] == results[1]


# One has an edge, one draws, one has a term of its own.
USUAL_STEPS = ("pc_darts", "gdas", "beta_darts")


@pytest.mark.parametrize("name", with_long(sorted(NAMES - {"darts"}), USUAL_STEPS))
def test_a_step_moves_all(name):
    model = make_model(method_of(name), **primitives_of(name))
    model.validation_half = lambda: [make_batch(1)]
    model.begin_epoch(20)
    network = model.network
    variables = [v for v in (*network.alphas, *network.weights_w) if 0 not in v.shape]
    before = [v.numpy() for v in variables]
    model.train_step((make_batch(0), make_batch(1)))
    after = [v.numpy() for v in variables]
    assert all(np.isfinite(x).all() for x in after)
    moved = [(x != y).any() for x, y in zip(before, after, strict=True)]
    assert all(moved)
    kept = {
        e.primitive for c in model.network.genotype().cells.values() for e in c.edges
    }
    assert kept <= set(PRIMITIVES)
    images, _ = make_batch(0)
    assert np.isfinite(model(images)).all()


@pytest.mark.parametrize("kind", CONFIGS)
def test_decisions_need_operations_other_than_none(kind):
    with_none = {
        "convolutional": {"primitives": PRIMITIVES},
        "recurrent": {"activations": ("none", "tanh")},
    }[kind]
    config = configured(CONFIGS[kind](), method="asap")
    check = {"convolutional": "check_primitives", "recurrent": "check_activations"}
    getattr(config, check[kind])()
    config = configured(CONFIGS[kind](), method="asap", **with_none)
    with pytest.raises(UserError, match="must not be none"):
        getattr(config, check[kind])()


def test_projection_follows_on_the_search():
    config = configured(SearchConfig(), method="darts_pt")
    assert (config.epochs, config.total_epochs) == (50, 131)
    rates = [config.learning_rate_at(epoch) for epoch in (0, 49, 50, 130)]
    assert rates[0] == 0.025 and rates[2] == 0.0025
    assert rates[1] == pytest.approx(0.001, abs=1e-4) == rates[3]
    assert configured(SearchConfig(), method="asap").total_epochs == 50
    decisions = config.search_method().decisions
    assert (decisions.first_epoch, decisions.epochs) == (50, 5)


def test_temperature_of_asap():
    """1.6 times .95 to the power of the epoch, below 1 from epoch 10 on."""
    method = configured(SearchConfig(), method="asap").search_method()
    for epoch in (0, 9, 10, 49):
        progress = Progress(tf.constant(0), tf.constant(epoch))
        found = float(method.relaxation.settled(None, progress))
        assert found == pytest.approx(1.6 * 0.95**epoch, rel=1e-12)
        assert (found < 1) == (epoch >= method.decisions.first_epoch)


PAIRS = {
    "partial channels, random perturbation": {
        "method": "pc_darts",
        "perturbation": "random",
    },
    "partial channels, draws": {"method": "pc_darts", "relaxation": "dirichlet"},
    "partial channels, beta": {"method": "pc_darts", "logsumexp_growth": 0.5},
    "auxiliary skip, one operation": {
        "method": "gdas",
        "auxiliary_skip": 1.0,
        "partial_channels": 2,
    },
    "partial channels, dropout": {"method": "pc_darts", "skip_dropout": 0.3},
}


@pytest.mark.parametrize("pair", with_long(PAIRS, ["partial channels, draws"]))
def test_pairs(pair):
    """What is combined takes a step, and its gradient is that of its loss."""
    settings = dict(PAIRS[pair])
    method = method_of(settings.pop("method"), **settings)
    if pair in ("partial channels, beta", "partial channels, dropout"):
        check_gradient(method, "second", "exact")
        return
    model = make_model(method, "second")
    model.train_step((make_batch(0), make_batch(1)))
    assert all(np.isfinite(alpha).all() for alpha in model.network.alphas)
    _, valid = step_batches(model)
    w, alpha = model._values()
    valid = model.network_loss.on_batch(*valid)
    gradient = tf.nest.flatten(
        valid.of_coefficients.alpha_gradients(w, valid.relax(alpha)).alpha
    )
    random, step = np.random.default_rng(7), 1e-6
    base = valid.relax(alpha)
    directions = [random.normal(size=x.shape) for x in tf.nest.flatten(base)]

    def loss(scale):
        moved = [
            x + scale * d
            for x, d in zip(tf.nest.flatten(base), directions, strict=True)
        ]
        moved = tf.nest.pack_sequence_as(base, moved)
        return float(valid.of_coefficients.alpha_gradients(w, moved).loss)

    expected = (loss(step) - loss(-step)) / (2 * step)
    found = sum(np.sum(g * d) for g, d in zip(gradient, directions, strict=True))
    assert found == pytest.approx(expected, rel=1e-5)
