import dill
dill.load_session("s.dill")
