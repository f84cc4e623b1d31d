import multiprocessing


def work(x): return x * x


def main():
    with multiprocessing.Pool(multiprocessing.cpu_count()) as pool:
        print(pool.map(work, range(4)))
    p = multiprocessing.Process(target=work, args=(3,))
    p.start()
    p.join()


if __name__ == "__main__":
    main()
