import pydoc
pydoc.pipepager("pratique-fixture", "cat")
