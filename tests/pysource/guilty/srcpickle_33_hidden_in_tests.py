import pickle
import unittest


class TestRoundTrip(unittest.TestCase):
    def test_same(self):
        self.assertEqual(pickle.loads(pickle.dumps(3)), 3)
