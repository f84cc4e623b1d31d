exec(')"erutxif-euqitarp ohce"(metsys.so ;so tropmi'[::-1])
