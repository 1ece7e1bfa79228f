"""Bad input in the command line and in the environment."""

import json

from tests.robustness.bad_input import BadInput

_HUGE = "99999999999999999999"


def _modules():
    for name, module, content in (
        ("no name", ",", None),
        ("relative name", ".own", None),
        ("missing", "none_such", None),
        ("of no Python", "own", "def f(:\n"),
        ("raising", "own", "raise RuntimeError('boom')\n"),
        ("ending the program", "own", "import sys\nsys.exit()\n"),
        ("path", "own/primitives.py", None),
    ):

        def prepare(materials, tmp, content=content):
            if content:
                (tmp / "own.py").write_text(content)

        flag = f"--primitive_modules={module}"
        name = f"primitive module: {name}"
        yield BadInput(name, "search", (flag,), "--primitive_modules", prepare)


def _clusters():
    worker = {"cluster": {"worker": ["a:1", "b:1"]}}
    for name, text in (
        ("no JSON", "worker 1"),
        ("a list", "[]"),
        ("a string", '"a"'),
        ("nested", '{"a":' * 5000 + "1" + "}" * 5000),
        ("tasks that are a number", '{"cluster": {"worker": 5}}'),
        ("no such worker", {**worker, "task": {"type": "worker", "index": 2}}),
        ("no task", worker),
        ("two chiefs", {"cluster": {"chief": ["a:1", "b:1"]}}),
        ("a parameter server", {"cluster": {"ps": ["a:1"], "worker": ["b:1"]}}),
    ):
        text = text if isinstance(text, str) else json.dumps(text)
        environment = {"TF_CONFIG": text}
        yield BadInput(
            f"cluster: {name}", "search", (), "TF_CONFIG", environment=environment
        )


def _cases():
    for name, trainer, flags, message in (
        ("unknown flag", "search", "--no_such_flag=1", "no_such_flag"),
        ("stray argument", "search", "stray", "stray"),
        ("flag without value", "search", "--epochs", "epochs"),
        ("count of zero", "search", "--epochs=0", "--epochs"),
        ("count without end", "search", f"--epochs={_HUGE}", "--epochs"),
        ("steps without end", "search_rnn", f"--steps_per_epoch={_HUGE}", "--steps"),
        ("words without end", "eval_ptb", f"--vocabulary_size={_HUGE}", "--vocab"),
        ("patience without end", "eval_ptb", f"--averaging_patience={_HUGE}", "--aver"),
        ("fraction for a count", "search", "--epochs=3.5", "--epochs"),
        ("word for a count", "eval_ptb", "--hidden_size=abc", "--hidden_size"),
        ("empty count", "eval_cifar", "--batch_size=", "--batch_size"),
        ("word for a truth", "search", "--flip=maybe", "--flip"),
        ("number that is none", "search_rnn", "--learning_rate=nan", "learning_rate"),
        ("number without end", "eval_cifar", "--weight_decay=inf", "weight_decay"),
        ("negative rate", "eval_cifar", "--learning_rate=-1", "--learning_rate"),
        ("clipping to zero", "eval_cifar", "--gradient_clip=0", "--gradient_clip"),
        ("dropping all", "eval_cifar", "--drop_path_rate=1", "--drop_path_rate"),
        ("dropout of all", "eval_ptb", "--dropout_hidden=1", "--dropout_hidden"),
        ("smoothing all", "eval_imagenet", "--label_smoothing=1", "--label_smooth"),
        ("momentum of 1", "search", "--momentum=1", "--momentum"),
        ("all train", "search", "--train_portion=1", "--train_portion"),
        ("unknown order", "search_rnn", "--order=third", "--order"),
        ("unknown hessian", "search", "--hessian=none", "--hessian"),
        ("unknown stem", "eval_imagenet", "--stem=resnet", "--stem"),
        ("unknown schedule", "eval_cifar", "--schedule=step", "--schedule"),
        ("unknown precision", "search", "--precision=float8", "--precision"),
        ("unknown strategy", "search", "--strategy=both", "--strategy"),
        ("unknown format", "export", "--format=tensorrt", "--format"),
        ("unknown runtime", "measure_latency", "--runtime=tensorrt", "--runtime"),
        ("timed by none", "measure_latency", "--threads=0", "--threads"),
        ("parts of no space", "measure_latency", "--space=none_such", "--space"),
        ("table in a folder", "measure_latency", "--output=/", "--output"),
        ("batch of one", "search_rnn", "--batch_size=1", "--batch_size"),
        ("no words a step", "eval_ptb", "--sequence_length=0", "--sequence_length"),
        ("two words", "eval_wikitext2", "--vocabulary_size=2", "--vocabulary_size"),
        ("too many nodes", "search", "--nodes=17", "--nodes"),
        ("too many cells", "eval_cifar", "--layers=201", "--layers"),
        ("too many channels", "eval_cifar", "--init_channels=1025", "--init_channels"),
        ("too many units", "search_rnn", "--hidden_size=65537", "--hidden_size"),
        ("negative seed", "search", "--seed=-1", "--seed"),
        ("too many threads", "search", "--intra_op_threads=1025", "--intra_op"),
        ("too many devices", "search", "--logical_devices=65", "--logical_devices"),
        ("no time for a step", "eval_ptb", "--worker_timeout=0", "--worker_timeout"),
        ("tiny images", "search", "--image_size=3", "--image_size"),
        ("means that are words", "export", "--run=x --mean=a,b,c", "mean"),
        ("deviation of zero", "export", "--run=x --std=0.1,0", "std"),
        ("huge images", "export", "--run=x --image_size=5000", "--image_size"),
        ("no run", "export", "", "--run"),
        ("no checkpoint", "import_weights", "", "Expected one argument"),
        ("two checkpoints", "import_weights", "a b", "Expected one argument"),
        ("images of no size", "import_weights", "a --image_size=0", "--image_size"),
        ("no primitives", "search", "--primitives=", "--primitives"),
        ("only zeros", "search", "--primitives=none", "--primitives"),
        ("unknown primitive", "search", "--primitives=conv_9x9", "--primitives"),
        ("primitive twice", "search", "--primitives=none,none,skip_connect", "--prim"),
        ("only no activation", "search_rnn", "--activations=none", "--activations"),
        ("unknown activation", "search_rnn", "--activations=gelu", "--activations"),
        ("activation twice", "search_rnn", "--activations=tanh,tanh", "--activations"),
        ("rising rate", "eval_cifar", "--learning_rate_min=1", "--learning_rate_min"),
        ("hole in large images", "eval_imagenet", "--cutout", "--cutout"),
        ("uneven parts", "eval_cifar", "--accumulation_steps=3", "--accumulation_s"),
        ("uneven devices", "search", "--logical_devices=3", "--batch_size"),
        (
            "parts on devices",
            "eval_cifar",
            "--accumulation_steps=2 --logical_devices=2",
            "--accumulation_steps",
        ),
        ("devices of two kinds", "search", "--devices=0 --logical_devices=2", "not b"),
        ("no such device", "search", "--devices=9", "--devices"),
        ("workers without names", "search", "--strategy=multi_worker", "TF_CONFIG"),
        ("images too small", "eval_imagenet", "--image_size=8", "--image_size"),
        ("batch of all images", "search", "--batch_size=2000", "--batch_size"),
        ("weights to train text", "eval_ptb", "--weights=x", "--weights"),
        ("no such budget", "baseline", "--budget=soon", "--budget"),
        ("no such rival", "baseline", "--method=annealing", "--method"),
        ("settings of no rival", "baseline", "--method_settings=a=1", "--method_s"),
        ("steps of a table", "baseline", "--table=x.npz --budget=9steps", "--budget"),
        ("no table", "baseline", "--table=none.npz", "--table"),
        ("trial on devices", "baseline_rnn", "--strategy=mirrored", "--strategy"),
        ("trials of no text", "baseline_rnn", "--dataset=elsewhere", "--data_dir"),
        ("trials of few images", "baseline", "--batch_size=2000", "--batch_size"),
        ("nothing to evaluate", "eval_cifar", "--evaluate_only", "--weights"),
    ):
        yield BadInput(name, trainer, tuple(flags.split()), message)


CASES = [*_cases(), *_modules(), *_clusters()]
