import pydoc
pydoc.locate(name)
