"""Rows of a log as a search that shows collapse leaves them."""


def rows_of(search, accuracy=0.5):
    """Two epochs of a search; its rank halves."""
    missing = float("nan")
    known = search.space == "nasbench201"
    return [
        {
            **search._asdict(),
            "epoch": epoch,
            "step": 100 * epoch,
            "val_accuracy": 0.4,
            "table_test": 80 + epoch + search.seed if known else missing,
            "table_rank": 4000 / epoch if known else missing,
            "skips": epoch,
            "eigenvalue": 0.1 * epoch,
            "trained_accuracy": missing if known else accuracy,
            "seconds": 3,
        }
        for epoch in (1, 2)
    ]
