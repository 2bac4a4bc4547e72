"""Where the next lines go in a passbook. Pure Python.

A book has pages of lines, both counted from 1. Its position is the next free line; (pages + 1, 1) is a full book.
"""


def place(count, page, line, pages, lines):
    """The first stretch of free lines that `count` lines go to: those of one page, since a page is turned by hand.

    :return: (page, first line, how many of the lines); how many is 0 when the book is full or nothing is to be printed

    >>> place(5, page=1, line=1, pages=2, lines=20)
    (1, 1, 5)
    >>> place(5, page=1, line=18, pages=2, lines=20)
    (1, 18, 3)
    >>> place(5, page=2, line=20, pages=2, lines=20), place(5, page=3, line=1, pages=2, lines=20)
    ((2, 20, 1), (3, 1, 0))
    """
    free = lines - line + 1 if page <= pages else 0
    return page, line, min(count, free)


def advance(count, page, line, lines):
    """The next free line after `count` lines from (page, line) on.

    >>> advance(3, page=1, line=18, lines=20), advance(2, page=1, line=18, lines=20), advance(45, page=1, line=1, lines=20)
    ((2, 1), (1, 20), (3, 6))
    """
    position = (page - 1) * lines + line - 1 + count
    return position // lines + 1, position % lines + 1


def free_lines(page, line, pages, lines):
    """How many lines are free in the book.

    >>> free_lines(1, 1, 16, 20), free_lines(16, 20, 16, 20), free_lines(17, 1, 16, 20)
    (320, 1, 0)
    """
    return max(0, pages * lines - (page - 1) * lines - line + 1)


def line_top(line, top, pitch):
    """Millimetres from the edge of the page to the top of a line, to a hundredth.

    >>> line_top(1, 18, 5), line_top(12, 18, 5), line_top(3, 17.5, 4.23)
    (18, 73, 25.96)
    """
    return round(top + (line - 1) * pitch, 2)
