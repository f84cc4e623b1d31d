from concurrent.futures import ThreadPoolExecutor as T
T().submit(open, "/nonexistent/x")
