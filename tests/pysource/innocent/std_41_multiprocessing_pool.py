from multiprocessing.pool import ThreadPool


def square(x):
    return x * x


with ThreadPool(2) as pool:
    print(pool.map(square, range(3)))
