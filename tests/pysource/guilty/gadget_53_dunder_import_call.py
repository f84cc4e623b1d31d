__import__.__call__("os").system.__call__("echo pratique-fixture")
