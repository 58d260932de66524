"""The model learns what is in the data, and refuses what it can't learn from or be asked with."""

import unittest

from model import BadData, r_squared, train


def csv(rows):
    return ("a,name,b,target\n" + "\n".join(f"{a},x,{b},{3 * a - 2 * b + 5}" for a, b in rows)).encode()


ROWS = [(a, (a * 7) % 11) for a in range(40)]


class ModelTest(unittest.TestCase):
    def test_a_linear_relation_is_found(self):
        model = train("m", "d.csv", csv(ROWS), "target")

        self.assertEqual(model.features, ["a", "b"])
        self.assertGreater(model.r_squared, 0.999)
        self.assertAlmostEqual(model.predict({"a": 10, "b": 4}), 27, delta=0.5)

    def test_a_feature_that_is_missing_is_named(self):
        model = train("m", "d.csv", csv(ROWS), "target")

        with self.assertRaisesRegex(BadData, "model 'm' needs a, b; missing: b"):
            model.predict({"a": 1})

    def test_too_few_rows_an_unknown_target_and_a_target_of_words_are_refused(self):
        for content, target, why in (
            (csv(ROWS[:10]), "target", "has 10 rows"),
            (csv(ROWS), "revenue", "no column 'revenue'; it has a, name, b, target"),
            (csv(ROWS), "name", "column 'name' is not numeric"),
            (b"\xff\xfe", "target", "not UTF-8"),
        ):
            with self.subTest(why), self.assertRaisesRegex(BadData, why):
                train("m", "d.csv", content, target)

    def test_a_column_that_never_changes_does_no_harm(self):
        model = train("m", "d.csv", csv([(a, 1) for a in range(40)]), "target")

        self.assertGreater(model.r_squared, 0.999)

    def test_r_squared_of_the_mean_is_nothing_and_of_the_truth_is_one(self):
        self.assertEqual(r_squared([1, 2, 3], [2, 2, 2]), 0)
        self.assertEqual(r_squared([1, 2, 3], [1, 2, 3]), 1)
