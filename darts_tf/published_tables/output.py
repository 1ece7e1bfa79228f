"""What a user sees of the published tables."""

from darts_tf.published_tables.config import TablesConfig
from darts_tf.published_tables.page import write_tables_page
from darts_tf.published_tables.tables import costs, tables_text
from darts_tf.runs.run_folder import check_writable
from darts_tf.spaces.operations_table import PAPERS, operations_table
from darts_tf.zoo.cost import layers_of_row
from darts_tf.zoo.registry import get_row


def published_tables(config: TablesConfig) -> str:
    """Builds the networks, one at a time, and writes the page if there is to be one.

    Args:
        config: The settings.

    Returns:
        The tables, or the layers of one network, as text, and the path of the page.

    Raises:
        UserError: If the layers of a network that is not public are asked for, or the
            page could not be written.
    """
    if config.output is not None:
        check_writable(config.output)
    if config.table1:
        papers = operations_table(PAPERS)
        return f"{operations_table()}\n\nAs the papers list them:\n\n{papers}"
    if config.summary:
        return layers_of_row(get_row(config.name))
    tables = costs(config)
    text = tables_text(tables)
    if config.output is None:
        return text
    return f"{text}\n\nPage: {write_tables_page(config.output, tables)}"
