import urllib.request

if __name__ == '__main__':
    print(urllib.request.urlopen('https://c.example.com/ping').status)
