def evaluate(x): return x
def execute(x): return x
def compile_model(x): return x
def system_info(): return {}
def open_file(x): return x


exec_count = evaluate(1) + execute(2)
evaluator = {"eval_": compile_model(3)}
os_name, subprocess_id, pickled = "os", 3, open_file("/x")
