from concurrent.futures import ThreadPoolExecutor
ThreadPoolExecutor()
