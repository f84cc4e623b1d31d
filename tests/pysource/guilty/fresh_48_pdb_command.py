import io, pdb
pdb.Pdb(stdin=io.StringIO("c\n"), stdout=io.StringIO()).runeval("6*7")
