"""Searches convolutional cells: `python -m trainers.search --order=second`."""

from darts_tf import run_layout
from darts_tf.distribution.runtime import configure_runtime
from darts_tf.experiments.convolutional_search.experiment import search
from darts_tf.genotype.convolutional_genotype import Genotype
from flags import search as search_flags
from trainers import program


def main():
    config, output = search_flags.to_config(), search_flags.output_folder()
    configure_runtime(config)
    with program.continued_by_same_command(output):
        folder = search(config, output)
    genotype = folder / run_layout.BEST_GENOTYPE_FILE
    print(f"\n{Genotype.load(genotype)}\n")
    print(f"Genotype: {genotype}")
    for label, kind in (("Cells:", "normal"), ("", "reduce")):
        print(f"{label:10}{folder / run_layout.cell_drawing('best', kind)}.png")
    print(f"Report:   {folder / run_layout.REPORT_FILE}")


def run():
    """Runs this trainer, as a script or an installed command."""
    program.run(main, search_flags.define(), __doc__)


if __name__ == "__main__":
    run()
