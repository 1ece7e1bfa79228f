"""Pickles, put together from opcodes, that are small and ask for very much."""

# What a Module of PyTorch's is, and the function that makes a tensor.
_MODULE = b"ctorch.nn\nModule\n)\x81"
_REBUILD = b"ctorch._utils\n_rebuild_tensor_v2\n"
# Names an object by the number under which it was remembered.
_KEPT = b"h\x00"


def hash_bomb():
    """A dictionary whose key is a pair of twice the same pair, 40 times over."""
    return _whole(b"}" + b"K\x01" + b"2\x86" * 40 + b"K\x01s")


def long_shape():
    """A tensor with 20000 sizes, each an integer of 200 kB."""
    size = b"\x8b" + (200_000).to_bytes(4, "little") + b"\x01" * 200_000
    shape = b"(" + size + b"q\x00" + _KEPT * 19_999 + b"t"
    strides = b"(" + b"K\x00" * 20_000 + b"t"
    return _whole(_dictionary({"a": _tensor(shape, strides)}))


def many_names(count=5000):
    """As many modules, which share one dictionary of as many tensors."""
    tensor = _tensor(b"K\x01\x85", b"K\x01\x85") + b"q\x01"
    again = dict.fromkeys(map(str, range(1, count)), b"h\x01")
    shared = _dictionary({"0": tensor} | again) + b"q\x00"
    first = _module(shared, b"}")
    others = {str(n): _module(_KEPT, b"}") for n in range(1, count)}
    return _whole(_module(b"}", _dictionary({"0": first} | others)))


def long_names(depth=900, length=300_000):
    """Modules inside each other, all of one long name."""
    tensor = _tensor(b"K\x01\x85", b"K\x01\x85")
    inner = _module(_dictionary({"a": tensor}), b"}")
    for _ in range(depth - 1):
        inner = _module(b"}", b"}" + _KEPT + inner + b"s")
    name = _text("n" * length) + b"q\x00"
    return _whole(_module(b"}", b"}" + name + inner + b"s"))


def call_of(module):
    """A call of a function of any module."""
    return b"\x80\x04" + _text(module) + _text("system") + b"\x93)R."


def _whole(content):
    return b"\x80\x02" + content + b"."


def _text(text):
    content = text.encode()
    return b"X" + len(content).to_bytes(4, "little") + content


def _dictionary(entries):
    pairs = (_text(name) + value for name, value in entries.items())
    return b"}(" + b"".join(pairs) + b"u"


def _module(parameters, modules):
    state = {"_parameters": parameters, "_buffers": b"}", "_modules": modules}
    return _MODULE + _dictionary(state) + b"b"


def _tensor(shape, strides):
    storage = _text("storage") + b"ctorch\nFloatStorage\n" + _text("0") + _text("cpu")
    storage = b"(" + storage + b"K\x01tQ"
    hooks = b"ccollections\nOrderedDict\n)R"
    return (
        _REBUILD + b"(" + storage + b"K\x00" + shape + strides + b"\x89" + hooks + b"tR"
    )
