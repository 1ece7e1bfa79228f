"""The edges of a cell in which every state feeds all later nodes.

Their numbering, and the names of the operations that have a meaning of their own.
"""

NONE, SKIP = "none", "skip_connect"


def num_edges(num_nodes: int, num_inputs: int = 2) -> int:
    """Returns the number of edges of a cell in which every state feeds all later ones.

    Args:
        num_nodes: Number of intermediate nodes.
        num_inputs: Number of input states: 2 in a convolutional cell, 1 in a recurrent.
    """
    return num_nodes * num_inputs + num_nodes * (num_nodes - 1) // 2


def edge_index(node: int, source: int, num_inputs: int = 2) -> int:
    """Returns the row of alpha that belongs to an edge.

    Args:
        node: The intermediate node that the edge enters, from 0; its state is
            `node + num_inputs`.
        source: The state that the edge leaves, below the node's own.
        num_inputs: Number of input states.

    Raises:
        ValueError: If there is no such edge.
    """
    if node < 0 or not 0 <= source < node + num_inputs:
        raise ValueError(
            "Received an invalid edge, expected a `node` from 0 up and a `source` "
            f"from 0 to node + {num_inputs - 1}. Received: node={node}, source={source}"
        )
    return num_edges(node, num_inputs) + source
