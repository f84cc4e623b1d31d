x = rt"\d{exec('print(1)')!r:>{10}}"
