import io

from darts_tf.protocol.progress_bar import ProgressBar


class Terminal(io.StringIO):
    def isatty(self):
        return True


def progress(stream):
    bar = ProgressBar(2, lambda name: f"error of {name}", stream)
    bar.show(0, 1)
    bar.line("a", 90.0)
    bar.show(1, 1)
    bar.end()
    return stream.getvalue()


def test_a_file_gets_lines_alone():
    assert progress(io.StringIO()) == "a: error of a, 1.5 min\n"


def test_a_terminal_gets_a_bar_that_leaves_nothing():
    text = progress(Terminal())
    assert "0 of 2 parts, 1 running" in text and "a: error of a, 1.5 min\n" in text
    assert f"[{'#' * 15}{'.' * 15}] 1 of 2 parts, 1 running" in text
    assert text.endswith(" \r")
