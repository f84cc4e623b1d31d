import unittest


class Clock:
    def __init__(self):
        self.now = 0.0

    def advance(self, seconds):
        self.now += seconds


class ClockTest(unittest.TestCase):
    def test_advance(self):
        clock = Clock()
        clock.advance(2)
        self.assertEqual(clock.now, 2)


if __name__ == "__main__":
    unittest.main(argv=["seen"], exit=False)
