"""Searches cells on a folder of photographs, and trains what was found.

The folder has one folder of images for each class, of any size and format.

    python -m examples.photographs photos/
"""

import argparse

import darts_tf as dt


def main(folder, output="runs/photographs", image_size=64, search=(), training=()):
    """Searches, trains and exports; returns the text about the export.

    Args:
        folder: Folder with a folder of images for each class.
        output: Folder that gets the runs and the exported network.
        image_size: Height and width in pixels to which images are brought.
        search: Dictionary of further settings of the search.
        training: Dictionary of further settings of the training.
    """
    sizes = {"dataset": folder, "image_size": image_size}
    found = dt.search(**sizes, output=f"{output}/search", **dict(search))
    print(f"{found.best}\nPictures and curves: {found.folder / 'report.html'}")
    trained = dt.train(
        found.folder, **sizes, output=f"{output}/training", **dict(training)
    )
    error = 1 - max(trained.metrics["val_accuracy"])
    print(f"Least error on images that were not trained on: {error:.1%}")
    exported = dt.export(trained.folder, f"{output}/exported")
    print(exported)
    return exported


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", help="a folder of images for each class")
    main(parser.parse_args().folder)
