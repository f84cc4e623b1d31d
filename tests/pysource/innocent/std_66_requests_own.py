class requests:
    @staticmethod
    def get(url):
        return url


requests.get("http://127.0.0.1:9/")
