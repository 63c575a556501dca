"""Which header goes with which column: the assignment with the greatest total, each of them used once."""

from __future__ import annotations

from collections.abc import Sequence


def assign(scores: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Pairs (row, column) of the greatest total score, each row and column at most once, ordered by row.

    `scores` has a row a header and a column a contract column, none below zero; pairs of score zero are left out.
    The Hungarian method with potentials (Kuhn 1955, Munkres 1957), in rows² × columns steps.
    """
    if not scores or not scores[0]:
        return []
    rows, columns = len(scores), len(scores[0])
    if rows > columns:
        turned = assign([[scores[row][column] for row in range(rows)] for column in range(columns)])
        return sorted((row, column) for column, row in turned)
    costs = [[-score for score in row] for row in scores]
    row_potential, column_potential = [0.0] * (rows + 1), [0.0] * (columns + 1)
    row_of = [0] * (columns + 1)  # 1-based; 0 is nobody
    for row in range(1, rows + 1):
        row_of[0] = row
        least = [float("inf")] * (columns + 1)
        came_from = [0] * (columns + 1)
        seen = [False] * (columns + 1)
        at = 0
        while row_of[at]:
            seen[at] = True
            here, step, following = row_of[at], float("inf"), 0
            for column in range(1, columns + 1):
                if seen[column]:
                    continue
                reduced = costs[here - 1][column - 1] - row_potential[here] - column_potential[column]
                if reduced < least[column]:
                    least[column], came_from[column] = reduced, at
                if least[column] < step:
                    step, following = least[column], column
            for column in range(columns + 1):
                if seen[column]:
                    row_potential[row_of[column]] += step
                    column_potential[column] -= step
                else:
                    least[column] -= step
            at = following
        while at:
            row_of[at] = row_of[came_from[at]]
            at = came_from[at]
    pairs = [(row_of[column] - 1, column - 1) for column in range(1, columns + 1) if row_of[column]]
    return sorted((row, column) for row, column in pairs if scores[row][column] > 0)
