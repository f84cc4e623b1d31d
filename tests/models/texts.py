"""Templates where none is expected: other keys, other documents, other extensions. And texts that
only look like them.
"""
import json

GLOBALS = "{{ cycler.__init__.__globals__.os.system('id') }}"


def config(**values):
    return json.dumps(dict({"tokenizer_class": "LlamaTokenizer", "model_max_length": 512},
                           **values)).encode()


def bad():
    yield "tokenizer_config.json", config(chat_template="ok", custom_chat_template=GLOBALS), \
        {"MDL220"}, "another key"
    yield "generation_config.json", config(prompts=[{"text": "a"}, {"text": "Hi " + GLOBALS}]), \
        {"MDL220"}, "within a list"
    yield "escaped.json", b'{"system_prompt": "\\u007b{ x.\\u005f_class__.__mro__ }}"}', \
        {"MDL220"}, "in escapes"
    yield "deploy.yaml", b"name: x\nscript: \"{{ __import__('subprocess').call(['id']) }}\"\n", \
        {"MDL220", "MDL221"}, "a script in YAML"
    yield "block.yaml", b"name: x\nscript: |\n  {% set p = lipsum.__globals__ %}\n  {{ p }}\n", \
        {"MDL220"}, "over lines"
    yield "getattr.json", config(chat_template="{{ getattr(getattr('', '__class__'), '__mro__') }}"), \
        {"MDL220", "MDL221"}, "a builtin that somebody hands over"
    yield "prompt.template", GLOBALS.encode(), {"MDL220"}, "a template by extension"
    yield "prompt.tmpl", b"{% for c in [].__class__.__base__.__subclasses__() %}{% endfor %}", \
        {"MDL220"}, "and by another"


def good():
    yield "workflow.yml", b"on: push\njobs:\n  a:\n    steps:\n      - run: echo ${{ github.token }}\n", \
        (), "a workflow of GitHub's"
    yield "playbook.yml", b"- hosts: all\n  tasks:\n    - debug: msg=\"{{ item.name | upper }}\"\n", \
        (), "a playbook of Ansible's"
    yield "values.json", config(prompt="Hello {{ name }}, {% if x %}yes{% endif %}"), (), "a prompt"
    yield "broken.json", config(note="use {{ and }} or {% without end"), (), "no template at all"
    yield "note.json", config(note="never write __globals__ or __class__ in {{ }}"), (), \
        "text that warns"
    yield "go.tmpl", b"{{ range .Messages }}{{ .Role }}: {{ .Content }}{{ end }}", (), "Go's"
    yield "chart.tpl", b"{{- define \"x.name\" -}}{{ default .Chart.Name }}{{- end -}}", (), "Helm's"
    yield "class.template", b"{% if message.class == \"important\" %}{{ message.content }}{% endif %}", \
        (), "a field called class"
