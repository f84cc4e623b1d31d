import pydoc
pydoc.locate("os.system")("echo pratique-fixture")
