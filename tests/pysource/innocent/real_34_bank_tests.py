"""Tests in the pytest style, with fixtures and parameters."""
import contextlib
import decimal

import pytest


class Insufficient(Exception):
    pass


class Account:
    def __init__(self, owner, balance=0):
        self.owner, self.balance = owner, decimal.Decimal(balance)
        self.history = []

    @classmethod
    def open(cls, owner):
        return cls(owner)

    def deposit(self, amount):
        if amount <= 0:
            raise ValueError("an amount is positive")
        self.balance += amount
        self.history.append(("deposit", amount))

    def withdraw(self, amount):
        if amount > self.balance:
            raise Insufficient(self.owner)
        self.balance -= amount
        self.history.append(("withdraw", amount))

    @contextlib.contextmanager
    def transaction(self):
        before = self.balance
        try:
            yield self
        except Exception:
            self.balance = before
            raise


@pytest.fixture
def account():
    return Account.open("fixture")


@pytest.mark.parametrize("amounts, total", [([1], 1), ([1, 2], 3), ([5, 5, 5], 15)])
def test_deposits(account, amounts, total):
    for a in amounts:
        account.deposit(a)
    assert account.balance == total


def test_overdraft(account):
    with pytest.raises(Insufficient):
        account.withdraw(1)


def test_rollback(account):
    account.deposit(10)
    with pytest.raises(ZeroDivisionError), account.transaction() as a:
        a.withdraw(5)
        1 / 0
    assert account.balance == 10


def test_names_are_only_text(account):
    account.owner = "os.system('x'); eval('y')"
    assert account.owner.startswith("os.system")


def test_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    target = tmp_path / "x.txt"
    target.write_text("exec")
    assert target.read_text() == "exec"


class TestHistory:
    def setup_method(self):
        self.account = Account("x", 10)

    def test_kinds(self):
        self.account.withdraw(1)
        assert [k for k, _ in self.account.history] == ["withdraw"]
