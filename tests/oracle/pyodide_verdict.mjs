// For python_interop.py: reads a JSON list of sources from stdin, prints the version of the
// CPython that pyodide is and, for each source, whether it compiles: "ok", or its message.
// Usage: node pyodide_verdict.mjs PACKAGE_FOLDER
import { pathToFileURL } from "node:url";

const { loadPyodide } = await import(pathToFileURL(process.argv[2] + "/pyodide.mjs"));
const py = await loadPyodide();
const chunks = [];
for await (const chunk of process.stdin) {
    chunks.push(chunk);
}
py.globals.set("text", Buffer.concat(chunks).toString("utf8"));
console.log(py.runPython(`
import json, sys, warnings
warnings.simplefilter("ignore")

def verdict(source):
    try:
        compile(source, "<test>", "exec", dont_inherit=True)
    except (RecursionError, MemoryError):
        return "?"
    except (SyntaxError, ValueError, OverflowError) as e:
        return str(e) or "refused"
    return "ok"

json.dumps({"version": sys.version_info[:2], "verdicts": [verdict(s) for s in json.loads(text)]})
`));
