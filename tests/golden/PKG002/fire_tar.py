import tarfile
import urllib.request

r = urllib.request.urlopen('https://c.example.com/d.tgz')
tarfile.open(fileobj=r, mode='r|gz').extractall('/opt/d', filter='data')
