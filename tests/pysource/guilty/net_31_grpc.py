import grpc
channel = grpc.insecure_channel("127.0.0.1:9")
