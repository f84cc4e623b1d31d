import zmq
context = zmq.Context()
