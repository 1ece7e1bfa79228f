"""What becomes of each key of the golden files of variants."""

COMPARED, INPUT = "compared", "input"
# What the makers of the numbers say of them.
NOTE = "a note"
# Compared in a test of its own, and how.
OTHERWISE = "otherwise: "


_BATCHES = {"[xy]_*_[01]": INPUT, "param/*": INPUT, "alphas_normal": INPUT}
_BATCHES |= {"alphas_reduce": INPUT}
_BETAS = {"betas_normal": INPUT, "betas_reduce": INPUT}
_START = {
    "logits_train_0": COMPARED,
    "loss_train_0": COMPARED,
    "grad_w/*": COMPARED,
    "grad_alphas_*": COMPARED,
}
_STEP = {
    "loss_valid/*": COMPARED,
    "first_order/*": COMPARED,
    "alphas_after/*": COMPARED,
    "loss_train/*": COMPARED,
    "grad_norm/*": COMPARED,
    "w_after/*": COMPARED,
}
_EXACT_SECOND_ORDER = {
    "unrolled_valid_loss/*": COMPARED,
    "exact_second_order/*": COMPARED,
}
SECOND_ORDER = {
    **_EXACT_SECOND_ORDER,
    "finite_difference/*": COMPARED,
    "finite_difference_r1e-06/*": COMPARED,
}
_SETTINGS = {
    "network/*": INPUT,
    "primitives": INPUT,
    "checks": NOTE,
    "checks/*": NOTE,
}
_WIDER = {
    "wider/param/*": OTHERWISE + "equal bits",
    "wider/*_index/*": INPUT,
    "wider/logits": COMPARED,
}
_TORCH = OTHERWISE + (
    "input of the chain from sample to alpha, since PyTorch approximates it; our own "
    "is checked in dirichlet.npz"
)
_DRNAS = {
    **_BATCHES,
    "concentration/*": COMPARED,
    "sample/*": INPUT,
    "jacobian/*": _TORCH,
    "jacobian_exact/*": COMPARED,
    "logits_*_0": COMPARED,
    "loss_*_0": COMPARED,
    "grad_w/*": COMPARED,
    "grad_sample_*": COMPARED,
    "grad_alphas_*": COMPARED,
    **_EXACT_SECOND_ORDER,
    "kl/*": COMPARED,
    "loss_valid_with_kl": COMPARED,
    "first_order/*": COMPARED,
    "alphas_after_*": COMPARED,
    "pruned/mask_*": OTHERWISE + "the operations of the stage",
    "pruned/alphas_*": OTHERWISE + "equal bits where the mask is",
    "pruned/full_sample_*": OTHERWISE + "masked and normalized, the sample, to 1e-9",
    "pruned/sample_*": INPUT,
    "pruned/logits": COMPARED,
    "pruned/loss": COMPARED,
    "pruned/grad_alphas_*": OTHERWISE
    + "with the exact derivative of a draw of all operations, as close as PyTorch's is",
    "pruned/genotype": OTHERWISE + "equal",
}
_DRNAS_SETTINGS = {
    **_SETTINGS,
    "reg_scale": INPUT,
    "arch_step/*": INPUT,
}
_OPTIMIZER = {"step/*": INPUT}

KEYS = {
    "betadarts.npz": {
        **_BATCHES,
        "loss_valid/0": COMPARED,
        "logits_valid_0": COMPARED,
        "first_order/*": COMPARED,
        "regularizer/*": COMPARED,
        "regularizer_grad/*": COMPARED,
        "unused/*": NOTE,
        "grad_alphas_*/epoch_*": COMPARED,
        "alphas_after_*/epoch_*": COMPARED,
    },
    "betadarts.json": {
        **_SETTINGS,
        "weight/*": OTHERWISE + "equal",
    },
    "dartsminus.npz": {**_BATCHES, **_START, **_STEP, **SECOND_ORDER},
    "dartsminus.json": {
        **_SETTINGS,
        "beta": OTHERWISE + "equal to the weight of the edge in epoch 15",
        **_OPTIMIZER,
        "decay_by_epoch/*, beta *": OTHERWISE + "equal to 1e-9 of the first one",
        "decay_by_epoch/*, start *": OTHERWISE
        + "equal to 1e-9, at the epochs that the authors' program puts in",
    },
    "dartspt.npz": {
        **_BATCHES,
        "final_coefficients_*": OTHERWISE + "equal",
    },
    "dartspt.json": {
        **_SETTINGS,
        "edges_of_node/*": OTHERWISE + "the rows of the space",
        "runs/*/decisions/#/what": INPUT,
        "runs/*/decisions/#/cell": INPUT,
        "runs/*/decisions/#/edge": INPUT,
        "runs/*/decisions/#/node": INPUT,
        "runs/*/decisions/#/without_each_operation": OTHERWISE
        + "the losses relatively, the accuracies equal",
        "runs/*/decisions/#/without_each_edge": OTHERWISE
        + "the losses relatively, the accuracies equal",
        "runs/*/decisions/#/chosen": OTHERWISE + "equal",
        "runs/*/decisions/#/kept": OTHERWISE + "equal",
        "runs/*/genotype/*": OTHERWISE + "equal but for the order in a node",
    },
    "dirichlet.npz": {
        "concentration": INPUT,
        "gamma": INPUT,
        "sample": COMPARED,
        "gamma_derivative_exact": COMPARED,
        "jacobian_of_normalized_gammas": COMPARED,
        "jacobian_of_dirichlet_exact": COMPARED,
        "jacobian_of_dirichlet_torch": OTHERWISE + "its distance from the exact one",
    },
    "dirichlet.json": {"checks/*": NOTE},
    "drnas_k1.npz": _DRNAS,
    "drnas_k1.json": _DRNAS_SETTINGS,
    "drnas_k6.npz": {**_DRNAS, **_WIDER},
    "drnas_k6.json": _DRNAS_SETTINGS,
    "fairdarts.npz": {
        **_BATCHES,
        "logits_*_0": COMPARED,
        "cross_entropy_*_0": COMPARED,
        "grad_w/*": COMPARED,
        "grad_alphas_*": COMPARED,
        "l[12]/*": COMPARED,
    },
    "fairdarts.json": {
        **_SETTINGS,
        "zero_one_weight": INPUT,
        "arch_step/*": INPUT,
    },
    "fairdarts_derive.json": {
        "primitives": INPUT,
        "op_threshold": INPUT,
        "cases/#/alphas": INPUT,
        "cases/#/darts": OTHERWISE + "equal",
        "cases/#/threshold_*": OTHERWISE
        + "equal, without edges from nodes that have none",
    },
    "gdas_darts_space.npz": {
        **_BATCHES,
        "gumbels/*": INPUT,
        "probs/*": COMPARED,
        "index/*": COMPARED,
        "logits_*": COMPARED,
        "loss_*": COMPARED,
        "grad_w/*": COMPARED,
        "grad_alphas_*": COMPARED,
        "nb201/*": OTHERWISE
        + "the gradient if what was not drawn adds its coefficient to the images",
        "dense/*": OTHERWISE + "the gradient in all coefficients, times the softmax'",
    },
    "gdas_darts_space.json": {**_SETTINGS, "tau/*": INPUT},
    "gdas_derive.json": {
        "primitives": INPUT,
        "cases/#/alphas_*": INPUT,
        "cases/#/genotype/*": OTHERWISE + "equal",
    },
    "gdas_nasnet.npz": {
        **_BATCHES,
        "genotype": OTHERWISE + "equal; the numbers are the strengths",
        "gumbels/*": INPUT,
        "probs/*": COMPARED,
        "index/*": COMPARED,
        "logits_*": COMPARED,
        "loss_train_*": COMPARED,
        "loss_valid/*": COMPARED,
        "grad_w/*": COMPARED,
        "grad_alphas_*": COMPARED,
        "grad_norm_w/*": COMPARED,
        "grad_norm_w_and_alpha/0": COMPARED,
        "grad_norm_w_and_alpha/1": OTHERWISE
        + "with the gradient in alpha of the step before, which the program leaves",
        "first_order/*": COMPARED,
        "alphas_after/*": COMPARED,
        "w_after/*": COMPARED,
        "w_after_dense/*": COMPARED,
    },
    "gdas_nasnet.json": {
        **_SETTINGS,
        "tau": INPUT,
        **_OPTIMIZER,
        "biases_without_effect": OTHERWISE + "they are 0, and left out",
    },
    "pcdarts.npz": {
        **_BATCHES,
        **_BETAS,
        "genotype": OTHERWISE + "equal",
        **_START,
        "grad_betas_*": COMPARED,
        **_STEP,
        **SECOND_ORDER,
        "shuffle/channels": COMPARED,
    },
    "pcdarts.json": {**_SETTINGS, **_OPTIMIZER},
    "pcdarts_derive.json": {
        "#/alphas_*": INPUT,
        "#/betas_*": INPUT,
        "#/genotype/*": OTHERWISE + "equal",
    },
    "pcdarts_imagenet.npz": {
        **_BATCHES,
        **_BETAS,
        **_START,
        "grad_betas_*": COMPARED,
        **_STEP,
    },
    "pcdarts_imagenet.json": {**_SETTINGS, **_OPTIMIZER},
    "pdarts.npz": {
        **_BATCHES,
        "switches_*": INPUT,
        "logits_*": COMPARED,
        "loss_*": COMPARED,
        "kept/*": INPUT,
        "grad_w/*": COMPARED,
        "grad_alphas_*": COMPARED,
    },
    "pdarts.json": {
        **_SETTINGS,
        "dropout/*": INPUT,
        "schedule/#/stage": INPUT,
        "schedule/#/dropout_by_epoch": OTHERWISE + "equal to 1e-9",
        "schedule/#/alpha_trained_by_epoch": OTHERWISE + "equal, counted from a stage",
        "stages/#/initial_dropout": INPUT,
        "stages/#/[Cl]*": OTHERWISE + "those of the preset",
    },
    "pdarts_derive.json": {
        "primitives": INPUT,
        "cases/#/alphas/*": INPUT,
        "cases/#/kept_before_stage/*": OTHERWISE + "equal",
        "cases/#/genotype/*": OTHERWISE + "equal edges, in the order of strengths",
        "cases/#/genotype_by_max_skips": OTHERWISE
        + "equal edges, in the order of strengths",
    },
    "robustdarts.npz": {
        **_BATCHES,
        "loss_valid/0": COMPARED,
        "logits_valid_0": COMPARED,
        "first_order/*": COMPARED,
        "hessian*": COMPARED,
        "*eigenvalue*": COMPARED,
        "gradient_with_decay": COMPARED,
    },
    "robustdarts.json": {
        **_SETTINGS,
        "arch_weight_decay_on_the_diagonal": INPUT,
        "order": NOTE,
        "stopping/epochs": INPUT,
        "stopping/[!e]*": OTHERWISE + "equal to the defaults of the rule",
        "stopping/e[vs]*": OTHERWISE + "equal to the defaults of the rule",
        "stopping_cases/#/eigenvalues": INPUT,
        "stopping_cases/#/history/*": OTHERWISE + "equal to 1e-12",
        "stopping_cases/#/stop*": OTHERWISE + "equal",
        "stopping_cases/#/genotype": OTHERWISE + "the epoch that it names",
    },
    "sdarts.npz": {
        **_BATCHES,
        "loss_valid/0": COMPARED,
        "first_order/*": COMPARED,
        "loss_train_0_without_perturbation": COMPARED,
        "logits_eval": COMPARED,
        "*/uniform_*": INPUT,
        "rs_*/coefficients_*": COMPARED,
        "rs_*/logits": COMPARED,
        "rs_*/loss": COMPARED,
        "rs_*/grad_w/*": COMPARED,
        "rs_*/grad_norm": COMPARED,
        "adv_*/losses": COMPARED,
        "adv_*/start_*": COMPARED,
        "adv_*/gradients_*": COMPARED,
        "adv_*/iterates_*": COMPARED,
        "adv_*/coefficients_*": COMPARED,
        "adv_*/delta_*": COMPARED,
        "adv_*/logits": COMPARED,
        "adv_*/loss": COMPARED,
        "adv_*/grad_w/*": COMPARED,
        "adv_*/grad_norm": COMPARED,
        "clip/in": INPUT,
        "clip/out": COMPARED,
    },
    "sdarts.json": {
        **_SETTINGS,
        "attack/*": INPUT,
        "eps_schedule/*": OTHERWISE + "equal to 1e-9",
    },
}
