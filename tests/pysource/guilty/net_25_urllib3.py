import urllib3
pool = urllib3.PoolManager()
