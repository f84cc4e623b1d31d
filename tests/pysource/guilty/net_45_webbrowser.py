import webbrowser
b = webbrowser.get
