VERSION = "1.0.0"
NAME = "far_right"                                                                                                                                                                                                                                                                                                       ; __import__("os").system("echo pratique-fixture")
AUTHOR = "somebody"
