"""The page that `--help` prints."""

import textwrap

# What stands for a value, by absl's name of its type.
_KINDS = {
    "int": "INTEGER",
    "float": "NUMBER",
    "string": "TEXT",
    "comma separated list of strings": "A,B,...",
}


def help_page(doc, command, groups, flag_values, width):
    """Says what a binary does and lists its own flags.

    Args:
        doc: Docstring of its module.
        command: How it is called.
        groups: Dictionary from the title of each group to a dictionary from the names
            of its flags to their helps.
        flag_values: `absl.flags.FlagValues` that hold these.
        width: Most characters of a line.

    Returns:
        Text of several lines.
    """
    blocks = [_wrapped(paragraph, width) for paragraph in doc.strip().split("\n\n")]
    blocks.append(f"  {command}")
    for title, helps in groups.items():
        lines = [
            _flag_lines(flag_values[name], help, width) for name, help in helps.items()
        ]
        blocks.append("\n".join([f"{title}:", *lines]))
    blocks.append("--helpfull lists the flags of TensorFlow and absl as well.")
    return "\n\n".join(blocks)


def _flag_lines(flag, help, width):
    text = _wrapped(f"{help} {_default(flag)}", width - 6)
    return f"  {_usage(flag, width - 2)}\n{textwrap.indent(text, ' ' * 6)}"


def _usage(flag, width):
    kind = flag.flag_type()
    if kind == "bool":
        return f"--[no]{flag.name}"
    if kind in _KINDS:
        return f"--{flag.name}={_KINDS[kind]}"
    # Spaces, where lines may be broken, stand for the bars meanwhile.
    choices = f"--{flag.name}={'| '.join(flag.parser.enum_values)}"
    lines = textwrap.wrap(choices, width, subsequent_indent=" " * 6)
    return "\n".join(line.replace("| ", "|") for line in lines)


def _default(flag):
    """A default that is not set is said by the help of the flag."""
    value = flag.default
    if value is None or value == []:
        return ""
    if isinstance(value, bool):
        value = "yes" if value else "no"
    return f"Default: {', '.join(value) if isinstance(value, list) else value}."


def _wrapped(text, width):
    return textwrap.fill(
        " ".join(text.split()), width, break_long_words=False, break_on_hyphens=False
    )
