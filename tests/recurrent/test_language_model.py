"""The language model: dropout where it belongs, carried state, gradients, files."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.method import architecture_gradient
from darts_tf.method.network_loss import NetworkLoss
from darts_tf.recurrent import (
    DropoutRates,
    EvaluationCell,
    LanguageModel,
    LanguageModelOutput,
    SearchCell,
    cross_entropy,
    slowness,
)
from tests.long_cases import with_long
from tests.recurrent.plain_cell import search_step

VOCABULARY, UNITS, BATCH, TIME = 7, 4, 3, 5
RATES = DropoutRates(0.3, 0.3, 0.3, 0.3, 0.3)
# Whether it recomputes, and whether XLA compiles it.
FORMS = [(False, False), (False, True), (True, False), (True, True)]


def make_model(
    search=True, dropout=RATES, dtype="float64", recompute=False, jit_compile=None
):
    keras.utils.set_random_seed(1)
    cell = (
        SearchCell(UNITS, num_nodes=2, dtype=dtype, jit_compile=jit_compile)
        if search
        else EvaluationCell(UNITS, RecurrentGenotype.published("DARTS_V1"), dtype=dtype)
    )
    model = LanguageModel(
        VOCABULARY, cell, dropout, seed=3, recompute=recompute, dtype=dtype
    )
    model.build()
    random = np.random.default_rng(2)
    for variable in model.trainable_variables:
        variable.assign(random.normal(size=variable.shape) / 2)
    return model


def make_batch(seed=0, time=TIME):
    random = np.random.default_rng(seed)
    tokens = random.integers(0, VOCABULARY, (BATCH, time + 1))
    return tf.constant(tokens[:, :-1]), tf.constant(tokens[:, 1:])


def test_output_equals_plain_form():
    """All five masks, on a model in training."""
    model = make_model()
    tokens, _ = make_batch()
    h = np.random.default_rng(5).normal(size=(BATCH, UNITS))
    masks = model.draw_masks(BATCH, tf.constant([4, 5]))
    inputs = {"tokens": tokens, "state": h, "masks": masks}
    output = model(inputs, training=True)
    masks = {name: mask.numpy() for name, mask in masks.items()}
    embedding = model.embedding.numpy()
    dropped_words = embedding * masks["words"]
    for time in range(TIME):
        x = dropped_words[tokens[:, time].numpy()] * masks["embedded"][:, 0]
        h = search_step(model.cell, x, h, masks["inputs"], masks["hidden"])
        np.testing.assert_allclose(output.hidden[:, time], h, rtol=1e-11, atol=1e-11)
        decoded = (h * masks["outputs"][:, 0]) @ embedding.T
        logits = decoded + model.decoder_bias.numpy()
        np.testing.assert_allclose(
            output.logits[:, time], logits, rtol=1e-11, atol=1e-11
        )
    np.testing.assert_allclose(output.state, h, rtol=1e-11, atol=1e-11)


def test_masks_act_in_training_alone():
    model = make_model()
    tokens, _ = make_batch()
    masks = model.draw_masks(BATCH, tf.constant([0, 1]))
    inputs = {"tokens": tokens, "masks": masks}
    plain = model(tokens)
    np.testing.assert_array_equal(plain.logits, model(inputs).logits)
    assert np.abs(plain.logits - model(inputs, training=True).logits).max() > 0.01
    undropped = model({"tokens": tokens, "masks": {}}, training=True)
    np.testing.assert_array_equal(plain.logits, undropped.logits)


def test_own_masks_change_from_call_to_call():
    model = make_model()
    tokens, _ = make_batch()
    first, second = (model(tokens, training=True).logits for _ in range(2))
    assert np.abs(first - second).max() > 0.01


@pytest.mark.parametrize("search", [True, False])
def test_carried_state_equals_one_long_sequence(search):
    model = make_model(search)
    tokens, _ = make_batch(time=9)
    whole = model(tokens)
    first = model(tokens[:, :4])
    second = model({"tokens": tokens[:, 4:], "state": first.state})
    joined = tf.concat([first.logits, second.logits], 1)
    np.testing.assert_allclose(joined, whole.logits, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(second.state, whole.state, rtol=1e-12, atol=1e-12)


def test_unknown_length_gives_the_same_without_a_retrace():
    model = make_model()
    traces = []

    def compute(tokens, targets):
        traces.append(tokens.shape)
        with tf.GradientTape() as tape:
            loss = cross_entropy(targets, model(tokens))
        variables = [v.value for v in model.trainable_variables]
        return [loss, *map(tf.convert_to_tensor, tape.gradient(loss, variables))]

    spec = tf.TensorSpec([None, None], tf.int64)
    any_length = tf.function(compute, [spec, spec], autograph=False)
    for time in (1, 3, 6):
        batch = make_batch(time=time)
        for got, wanted in zip(any_length(*batch), compute(*batch), strict=True):
            np.testing.assert_allclose(got, wanted, rtol=1e-11, atol=1e-12)
    assert sum(shape == [None, None] for shape in traces) == 1


def test_exact_and_finite_difference_agree_with_dropout():
    """The masks of a step are the same in every pass, on a smooth network."""
    cell = SearchCell(UNITS, 2, ["none", "tanh", "identity"], dtype="float64")
    model = LanguageModel(VOCABULARY, cell, RATES, dtype="float64")
    model.build()
    random = np.random.default_rng(6)
    for variable in model.trainable_variables:
        variable.assign(random.normal(size=variable.shape) / 2)
    loss = NetworkLoss(model, cross_entropy)
    objectives = []
    for seed in (0, 1):
        tokens, targets = make_batch(seed)
        masks = model.draw_masks(BATCH, tf.constant([7, seed]))
        objectives.append(loss.on_batch({"tokens": tokens, "masks": masks}, targets))
    w, alpha = (
        [tf.convert_to_tensor(variable) for variable in variables]
        for variables in (model.weights_w, model.alphas)
    )
    before = [variable.numpy() for variable in model.variables]
    exact, quotient = (
        architecture_gradient.second_order(
            *objectives, w, alpha, 0.5, lambda gradients: gradients, product
        ).alpha[0]
        for product in (
            architecture_gradient.exact_product,
            lambda *arguments: architecture_gradient.finite_difference_product(
                *arguments, radius=1e-5
            ),
        )
    )
    first = architecture_gradient.first_order(objectives[1], w, alpha).alpha[0]
    assert np.abs(exact - first).max() > 0.01 * np.abs(exact).max()
    np.testing.assert_allclose(exact, quotient, rtol=1e-6, atol=1e-8)
    for variable, value in zip(model.variables, before):
        np.testing.assert_array_equal(variable, value)


@pytest.mark.parametrize(
    "search, given",
    with_long([(True, "losses"), (False, "logits")], [(False, "logits")]),
)
def test_padding_changes_nothing(search, given):
    tokens, targets = make_batch(time=4)
    longer, _ = make_batch(seed=8, time=3)
    padded = [tf.concat([x, longer], 1) for x in (tokens, targets)]
    expected = derivatives(make_model(search), (tokens, targets), given)
    length = tf.constant(4)
    actual = derivatives(make_model(search), padded, given, length)
    for got, wanted in zip(actual, expected, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-13)


@pytest.mark.long
def test_losses_equal_those_of_the_logits():
    """For a whole number of chunks, and for one more word; padded and not."""
    tokens, targets = make_batch(time=6)
    model = make_model()
    loss = network_loss(model, "logits")
    for time in (5, 6):
        # As many words of a longer batch: that is traced once.
        length = tf.constant(time)
        expected = derivatives(model, (tokens, targets), "logits", length, loss)
        batch = tokens[:, :time], targets[:, :time]
        actual = derivatives(make_model(), batch, "losses")
        for got, wanted in zip(actual, expected, strict=True):
            np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-13)


@pytest.fixture(scope="module")
def by_tapes():
    """A batch and its derivatives by the plain cell, by tapes alone."""
    model, batch = make_model(), make_batch(time=3)
    model.takes_duals = False
    return batch, [np.array(value) for value in derivatives(model, batch, "logits")]


@pytest.mark.parametrize(
    "recompute, jit_compile", with_long(FORMS, [(False, False), (True, True)])
)
def test_forms_equal_nested_tapes(by_tapes, recompute, jit_compile):
    batch, expected = by_tapes
    model = make_model(recompute=recompute, jit_compile=jit_compile)
    actual = derivatives(model, batch, "losses")
    for got, wanted in zip(actual, expected, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("recompute", [False, True])
def test_unknown_length_serves_every_derivative(by_tapes, recompute):
    batch, expected = by_tapes
    model = make_model(recompute=recompute)
    spec = tf.TensorSpec([BATCH, None], tf.int64)

    @tf.function(input_signature=[spec, spec], autograph=False)
    def compute(*batch):
        return derivatives(model, batch, "losses")

    for got, wanted in zip(compute(*batch), expected, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-11, atol=1e-12)


def network_loss(model, given):
    def total(labels, output):
        targets, length = labels
        assert (output.logits is None) == (given == "losses")
        return cross_entropy(targets, output, length) + slowness(output, length)

    return NetworkLoss(model, total)


def derivatives(model, batch, given, length=None, loss=None):
    """Loss, state, gradients and the mixed product, of a batch with dropout."""
    (tokens, targets), more = batch, {}
    if length is not None:
        more["length"] = length
    if given == "losses":
        more["targets"] = targets
    masks = model.draw_masks(BATCH, tf.constant([7, 1]))
    inputs = {"tokens": tokens, "masks": masks, **more}
    loss = loss or network_loss(model, given)
    objective = loss.on_batch(inputs, (targets, length))
    w, alpha = (
        [tf.convert_to_tensor(variable) for variable in variables]
        for variables in (model.weights_w, model.alphas)
    )
    gradients = objective.gradients(w, alpha)
    values = [gradients.loss, gradients.aux[0].state, *gradients.w, *gradients.alpha]
    values += objective.alpha_gradients(w, alpha).alpha
    return values + objective.mixed_product(w, alpha, w)


@pytest.mark.parametrize("search", [True, False])
def test_weights_and_alphas_are_disjoint_and_all(search):
    model = make_model(search)
    alphas = {id(alpha) for alpha in model.alphas}
    weights = {id(weight) for weight in model.weights_w}
    assert len(alphas) == search and not alphas & weights
    assert alphas | weights == {id(v) for v in model.trainable_variables}


@pytest.mark.parametrize("search", [True, False])
def test_save_and_load_agree(search, tmp_path):
    model = make_model(search, dtype="float32")
    tokens, _ = make_batch()
    output = model(tokens)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.cell.get_config() == model.cell.get_config()
    for name in ("vocabulary_size", "dropout", "seed"):
        assert loaded.get_config()[name] == model.get_config()[name]
    np.testing.assert_array_equal(loaded(tokens).logits, output.logits)
    for got, wanted in zip(loaded.alphas, model.alphas, strict=True):
        np.testing.assert_array_equal(got, wanted)


def test_eager_and_compiled_agree():
    model = make_model()
    tokens, _ = make_batch()
    masks = model.draw_masks(BATCH, tf.constant([0, 1]))
    inputs = {"tokens": tokens, "masks": masks}
    eager = model(inputs, training=True)
    compiled = tf.function(model, autograph=False)(inputs, training=True)
    for first, second in zip(eager[:3], compiled[:3], strict=True):
        np.testing.assert_allclose(first, second, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("search", [True, False])
def test_mixed_precision(search):
    model, exact = make_model(search, dtype="mixed_bfloat16"), make_model(search)
    tokens, targets = make_batch()
    masks = exact.draw_masks(BATCH, tf.constant([8, 9]))
    inputs = {"tokens": tokens, "masks": masks}
    with tf.GradientTape() as tape:
        output = model(inputs, training=True)
        loss = cross_entropy(targets, output) + slowness(output)
    variables = [v.value for v in model.trainable_variables]
    gradients = tape.gradient(loss, variables)
    assert output.hidden.dtype == tf.bfloat16
    assert output.logits.dtype == loss.dtype == tf.float32
    assert all(np.isfinite(tf.convert_to_tensor(g)).all() for g in gradients)
    expected = exact(inputs, training=True)
    expected = cross_entropy(targets, expected) + slowness(expected)
    np.testing.assert_allclose(loss, expected, rtol=0.05)


def test_slowness_is_the_mean_square_of_the_steps():
    hidden = tf.constant([[[1.0, 2.0], [2.0, 0.0], [2.0, 3.0]]])
    output = LanguageModelOutput(None, None, hidden)
    assert slowness(output) == (1 + 4 + 0 + 9) / 4
    assert slowness(output._replace(hidden=hidden[:, :1])) == 0


def test_cross_entropy_of_equal_logits():
    logits = tf.zeros([BATCH, TIME, VOCABULARY])
    _, targets = make_batch()
    loss = cross_entropy(targets, LanguageModelOutput(logits, None, None))
    np.testing.assert_allclose(loss, np.log(VOCABULARY), rtol=1e-6)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"vocabulary_size": 1}, "`vocabulary_size`"),
        ({"vocabulary_size": 10**9}, "`vocabulary_size`.* at most 10000000"),
        ({"cell": "DARTS_V1"}, "`cell`, expected a `RecurrentCell`"),
        ({"dtype": "float64"}, "`cell`, expected one that computes in float64"),
        ({"dropout": {"hidden": 2}}, "`hidden`"),
    ],
)
def test_invalid_arguments(arguments, message):
    arguments = {"vocabulary_size": 9, "cell": SearchCell(4), **arguments}
    with pytest.raises(ValueError, match=message):
        LanguageModel(**arguments)
