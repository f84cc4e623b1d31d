from . import socket
from .requests import get
