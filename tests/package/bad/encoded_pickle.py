import base64
import pickle

STATE = pickle.loads(base64.b64decode(b"Y29zCnN5c3RlbQooUydlY2hvIHByYXRpcXVlLWZpeHR1cmUnCnRSLg=="))
