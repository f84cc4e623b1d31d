import cloudpickle
cloudpickle.loads(x)
