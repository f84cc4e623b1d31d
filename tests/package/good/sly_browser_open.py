import webbrowser

DOCS = "https://docs.example.com/"


def docs(topic=""):
    webbrowser.open(DOCS + topic)
