import os

getattr(os, 'sys' + input())('x')
