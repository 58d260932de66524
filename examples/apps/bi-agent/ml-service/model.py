"""A linear model with ridge regularization, trained by solving the normal equations: small, real, and without a package."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timezone

RIDGE = 1e-3
# Every so many rows one is kept back, to see how well the model does on rows that it was not trained on.
HELD_OUT = 5
FEWEST_ROWS = 20


class BadData(ValueError):
    """A data set or a request that no model can be made of or asked with; the message says why."""


@dataclass(frozen=True)
class Model:
    """What was learned: prediction = intercept + sum of weight × (value − mean) / scale."""

    name: str
    version: str
    dataset: str
    target: str
    features: list[str]
    means: list[float]
    scales: list[float]
    weights: list[float]
    intercept: float
    rows: int
    r_squared: float

    def predict(self, values: Mapping[str, float]) -> float:
        """Return what the target would be; every feature has to be given."""
        missing = [feature for feature in self.features if feature not in values]
        if missing:
            raise BadData(f"model '{self.name}' needs {', '.join(self.features)}; missing: {', '.join(missing)}")
        return self._of([float(values[feature]) for feature in self.features])

    def _of(self, row: Sequence[float]) -> float:
        parts = zip(row, self.means, self.scales, self.weights)
        return self.intercept + sum(weight * (value - mean) / scale for value, mean, scale, weight in parts)

    def as_json(self) -> dict:
        return asdict(self)


def read_csv(content: bytes, target: str) -> tuple[list[str], list[list[float]], list[float]]:
    """Return the names of the numeric columns, their rows, and the target of each."""
    try:
        table = list(csv.DictReader(io.StringIO(content.decode())))
    except UnicodeDecodeError as error:
        raise BadData("the data set is not UTF-8 text") from error
    if len(table) < FEWEST_ROWS:
        raise BadData(f"the data set has {len(table)} rows; at least {FEWEST_ROWS} are needed")
    if target not in table[0]:
        raise BadData(f"the data set has no column '{target}'; it has {', '.join(map(str, table[0]))}")
    features = [name for name in table[0] if name != target and all(_is_number(row[name]) for row in table)]
    if not features:
        raise BadData("the data set has no numeric column besides the target")
    try:
        return features, [[float(row[name]) for name in features] for row in table], [float(row[target]) for row in table]
    except (TypeError, ValueError) as error:
        raise BadData(f"column '{target}' is not numeric in every row") from error


def train(name: str, dataset: str, content: bytes, target: str) -> Model:
    """Train a model on the numeric columns of a CSV file."""
    features, rows, targets = read_csv(content, target)
    learned = [index for index in range(len(rows)) if index % HELD_OUT]
    means = [sum(rows[index][column] for index in learned) / len(learned) for column in range(len(features))]
    scales = [_scale([rows[index][column] for index in learned], mean) for column, mean in enumerate(means)]
    intercept = sum(targets[index] for index in learned) / len(learned)
    scaled = [[(value - mean) / scale for value, mean, scale in zip(rows[index], means, scales)] for index in learned]
    weights = _ridge(scaled, [targets[index] - intercept for index in learned])
    version = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%S%fZ")
    model = Model(name, version, dataset, target, features, means, scales, weights, intercept, len(rows), 0.0)
    held_out = [index for index in range(len(rows)) if index % HELD_OUT == 0]
    fit = r_squared([targets[index] for index in held_out], [model._of(rows[index]) for index in held_out])
    return Model(**{**model.as_json(), "r_squared": round(fit, 6)})


def r_squared(actual: Sequence[float], predicted: Sequence[float]) -> float:
    """Return which part of the variance the predictions explain; 1 is all of it."""
    mean = sum(actual) / len(actual)
    total = sum((value - mean) ** 2 for value in actual)
    left = sum((value - guess) ** 2 for value, guess in zip(actual, predicted))
    return 1 - left / total if total else 0.0


def _ridge(rows: list[list[float]], targets: list[float]) -> list[float]:
    size = range(len(rows[0]))
    square = [[sum(row[i] * row[j] for row in rows) + (RIDGE * len(rows) if i == j else 0.0) for j in size] for i in size]
    return _solve(square, [sum(row[i] * value for row, value in zip(rows, targets)) for i in size])


def _solve(square: list[list[float]], right: list[float]) -> list[float]:
    """Gaussian elimination with partial pivoting; the ridge keeps the matrix regular."""
    count = len(right)
    system = [[*row, value] for row, value in zip(square, right)]
    for column in range(count):
        pivot = max(range(column, count), key=lambda row: abs(system[row][column]))
        system[column], system[pivot] = system[pivot], system[column]
        for row in range(column + 1, count):
            factor = system[row][column] / system[column][column]
            system[row] = [a - factor * b for a, b in zip(system[row], system[column])]
    found = [0.0] * count
    for row in reversed(range(count)):
        known = sum(system[row][column] * found[column] for column in range(row + 1, count))
        found[row] = (system[row][count] - known) / system[row][row]
    return found


def _scale(values: Sequence[float], mean: float) -> float:
    deviation = (sum((value - mean) ** 2 for value in values) / len(values)) ** 0.5
    return deviation or 1.0


def _is_number(text: str | None) -> bool:
    try:
        float(text or "")
        return True
    except ValueError:
        return False
