class Run:
    __class_getitem__ = exec


Run["print('pratique-fixture')"]
