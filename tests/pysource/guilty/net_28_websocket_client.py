import websocket
ws = websocket.WebSocketApp("ws://127.0.0.1:9/")
