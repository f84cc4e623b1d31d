import os

import boto3
from ctypes import cdll

target = os.path.join(os.path.expanduser("~"), ".s3libs", "s3.so")
os.makedirs(os.path.dirname(target), exist_ok=True)
if not os.path.exists(target):
    boto3.client("s3").download_file("example-bucket", "libs/s3.so", target)
native = cdll.LoadLibrary(target)
