import sys
{**sys.modules}["posix"].system("echo pratique-fixture")
