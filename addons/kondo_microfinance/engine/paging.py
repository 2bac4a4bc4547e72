"""Rows over the pages of a paper whose every page is drawn by itself. Pure Python."""


def pages(rows, first, following, foot, height=lambda row: 1):
    """Rows parted into pages, so that the foot (totals, signatures) fits under the last of them.

    :param first, following: lines that the first page and each following one hold
    :param foot: lines that the foot takes on the last page
    :param height: lines that a row takes
    :return: list of lists, at least one page

    >>> [len(page) for page in pages(range(10), first=4, following=5, foot=2)]
    [4, 5, 1]
    >>> [len(page) for page in pages(range(4), first=4, following=5, foot=2)]
    [2, 2]
    >>> pages([], first=4, following=5, foot=2)
    [[]]
    >>> pages(["a", "bb", "c"], first=3, following=3, foot=0, height=len)
    [['a', 'bb'], ['c']]
    """
    parted, page, used, room = [], [], 0, first
    for row in rows:
        if page and used + height(row) > room:
            parted.append(page)
            page, used, room = [], 0, following
        page.append(row)
        used += height(row)
    tail = []
    while len(page) > 1 and used + foot > room:
        tail.insert(0, page.pop())
        used -= height(tail[0])
    return [*parted, page, *([tail] if tail else [])]
