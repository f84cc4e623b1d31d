from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(1) as ex:
    print(list(ex.map(len, ["a", "bb"])), ex.submit(max, 1, 2).result())
