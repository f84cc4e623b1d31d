"""A stack machine: assembler, interpreter, disassembler. Its opcodes are called EXEC and SYSTEM."""
import enum
import operator
from dataclasses import dataclass, field


class Op(enum.IntEnum):
    PUSH = 1
    ADD = 2
    MUL = 3
    JZ = 4
    JMP = 5
    EXEC = 6
    SYSTEM = 7
    HALT = 8


BINARY = {Op.ADD: operator.add, Op.MUL: operator.mul}


@dataclass
class Machine:
    code: list
    stack: list = field(default_factory=list)
    output: list = field(default_factory=list)
    pc: int = 0
    fuel: int = 1000

    def fetch(self):
        self.pc += 1
        return self.code[self.pc - 1]

    def run(self):
        while self.fuel:
            self.fuel -= 1
            op = Op(self.fetch())
            if op is Op.HALT:
                return self.output
            getattr(self, "op_" + op.name.lower(), self.binary)(op)
        raise TimeoutError("out of fuel")

    def binary(self, op):
        b, a = self.stack.pop(), self.stack.pop()
        self.stack.append(BINARY[op](a, b))

    def op_push(self, _):
        self.stack.append(self.fetch())

    def op_jz(self, _):
        target = self.fetch()
        if not self.stack.pop():
            self.pc = target

    def op_jmp(self, _):
        self.pc = self.fetch()

    def op_exec(self, _):
        self.output.append(("exec", self.stack.pop()))

    def op_system(self, _):
        self.output.append(("system", len(self.stack)))


def assemble(text):
    labels, code, fixes = {}, [], []
    for line in text.splitlines():
        word, *args = line.split("#")[0].split() or [""]
        if word.endswith(":"):
            labels[word[:-1]] = len(code)
        elif word:
            code.append(Op[word.upper()])
            for a in args:
                if a.lstrip("-").isdigit():
                    code.append(int(a))
                else:
                    fixes.append((len(code), a))
                    code.append(0)
    for at, name in fixes:
        code[at] = labels[name]
    return code


def compile(text):
    return Machine(assemble(text))


program = """
    push 2
    push 3
    mul
    exec        # shows it
    push 0
    jz end
    system
end:
    halt
"""
assert compile(program).run() == [("exec", 6)]
