class Clock:
    import time

    def now(self):
        return self.time.time() > 0


print(Clock().now())
