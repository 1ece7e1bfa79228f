"""Searches convolutional cells: `python -m trainers.search --order=second`."""

from darts_tf.distribution.runtime import configure_runtime
from darts_tf.experiments.convolutional_search.experiment import search
from darts_tf.genotype.convolutional_genotype import BEST_GENOTYPE_FILE, Genotype
from flags import search as search_flags
from trainers import program


def main():
    config, output = search_flags.to_config(), search_flags.output_folder()
    configure_runtime(config)
    with program.continued_by_same_command(output):
        folder = search(config, output)
    genotype = folder / BEST_GENOTYPE_FILE
    print(f"\n{Genotype.load(genotype)}\n")
    print(f"Genotype: {genotype}")
    print(f"Cells:    {folder / 'cells' / 'best_normal.png'}")
    print(f"          {folder / 'cells' / 'best_reduce.png'}")
    print(f"Report:   {folder / 'report.html'}")


def run():
    """Runs this trainer, as a script or an installed command."""
    program.run(main, search_flags.define(), __doc__)


if __name__ == "__main__":
    run()
