"""Finds sums in graphs whose order of summation depends on which thread is faster.

`AddN` takes the memory of the first term that nothing else reads any more, and begins
its sum with that one. So the order is settled where the first of the terms whose memory
may be free is free for sure. It may also be the second one if the first may be free:
two terms have the same sum in both orders. Where another operation reads a term, its
memory is free for sure if that operation comes before the sum, as one does on which
another term depends, and is not if it comes after.
"""

import collections

_SAME_MEMORY = (
    "ExpandDims",
    "Identity",
    "IdentityN",
    "PreventGradient",
    "Reshape",
    "Squeeze",
    "StopGradient",
)
_HELD = ("Const", "ReadVariableOp")
_NEVER, _PERHAPS, _ALWAYS = range(3)


def racing_sums(function):
    """Lists the sums of a concrete function, and of all functions that it calls.

    Args:
        function: `ConcreteFunction`, traced for a CPU.

    Returns:
        Tuple of the names of those whose order is not settled, and of the number of
        sums of three or more terms.
    """
    library = function.graph.as_graph_def().library.function
    definitions = [function.function_def, *library]
    # XLA makes programs of its own, whose sums have one order.
    bodies = [_Body(x) for x in definitions if not x.attr["_XlaMustCompile"].b]
    racing = [
        f"{body.name}/{node.name}"
        for body in bodies
        for node in body.sums
        if not body.settles(node)
    ]
    return racing, sum(len(body.sums) for body in bodies)


class _Body:
    """One function's operations; a tensor is the parts of its name in the function."""

    def __init__(self, definition):
        self.name = definition.signature.name
        self._nodes = {node.name: node for node in definition.node_def}
        self._readers = collections.defaultdict(list)
        for node in definition.node_def:
            for place, tensor in enumerate(_inputs(node)):
                self._readers[tensor].append((node.name, place))
        for name in definition.ret.values():
            self._readers[tuple(name.split(":"))].append((None, 0))
        self._ancestors = {}
        self.sums = [
            node
            for node in definition.node_def
            if node.op == "AddN" and len(_inputs(node)) > 2
        ]

    def settles(self, node):
        """Whether the terms of a sum come in one order, whoever is faster."""
        before = self._before(node)
        free = [self._free(term, node, before) for term in _inputs(node)]
        possible = [place for place, when in enumerate(free) if when != _NEVER]
        if not possible or free[possible[0]] == _ALWAYS:
            return True
        return possible[0] == 0 and free[1] == _ALWAYS

    def _free(self, tensor, node, before):
        """Whether the memory of a term is free when the sum is computed."""
        tensor = self._owner(tensor)
        if tensor[0] not in self._nodes or self._nodes[tensor[0]].op in _HELD:
            return _NEVER
        readers = self._all_readers(tensor)
        others = {*readers} - {node.name, *before}
        if None in others or readers.count(node.name) > 1:
            return _NEVER
        if any(node.name in self._before(self._nodes[other]) for other in others):
            return _NEVER
        return _PERHAPS if others else _ALWAYS

    def _owner(self, tensor):
        """The tensor whose memory another one shows."""
        while (node := self._nodes.get(tensor[0])) and node.op in _SAME_MEMORY:
            place = int(tensor[-1]) if node.op == "IdentityN" else 0
            tensor = _inputs(node)[place]
        return tensor

    def _all_readers(self, tensor):
        """Names of the operations that read a memory; `None` is the caller."""
        found = []
        for name, place in self._readers[tensor]:
            node = self._nodes.get(name)
            if node is None or node.op not in _SAME_MEMORY:
                found.append(name)
            elif node.op == "IdentityN":
                found += self._all_readers((name, "output", str(place)))
            elif place == 0:
                found += self._all_readers((name, "output", "0"))
        return found

    def _before(self, node):
        """Names of all operations that come before one."""
        if node.name not in self._ancestors:
            found, new = set(), {node.name}
            while new:
                nodes = [self._nodes[name] for name in new if name in self._nodes]
                names = {x.lstrip("^").split(":")[0] for n in nodes for x in n.input}
                new = names - found
                found |= new
            self._ancestors[node.name] = found
        return self._ancestors[node.name]


def _inputs(node):
    """The tensors that an operation reads."""
    return [tuple(x.split(":")) for x in node.input if not x.startswith("^")]
