"""Trains a small classifier; call model.eval() before validation."""
import argparse
import json
import math
from pathlib import Path

import torch
from torch import nn
from torch.utils.data import DataLoader


class Mlp(nn.Module):
    def __init__(self, width=64, classes=10, dropout=0.1):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(784, width), nn.ReLU(), nn.Dropout(dropout))
        self.head = nn.Linear(width, classes)

    def forward(self, x):
        return self.head(self.body(x.flatten(1)))


def step(model, batch, loss_function, optimizer=None):
    x, y = batch
    loss = loss_function(model(x), y)
    if optimizer is not None:
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    return loss.item()


def epoch(model, loader, loss_function, optimizer=None):
    model.train(optimizer is not None)
    total = 0.0
    for n, batch in enumerate(loader, 1):
        total += step(model, batch, loss_function, optimizer)
    return total / max(n, 1)


@torch.no_grad()
def accuracy(model, loader):
    model.eval()
    right = seen = 0
    for x, y in loader:
        right += (model(x).argmax(1) == y).sum().item()
        seen += len(y)
    return right / seen if seen else math.nan


def fit(model, train, valid, epochs, lr, out):
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    history = []
    for e in range(epochs):
        loss = epoch(model, train, nn.CrossEntropyLoss(), optimizer)
        schedule.step()
        history.append({"epoch": e, "loss": loss, "accuracy": accuracy(model, valid)})
        print("epoch {epoch}: loss {loss:.4f}, accuracy {accuracy:.3f}".format(**history[-1]))
    torch.save(model.state_dict(), out / "model.pt")
    (out / "history.json").write_text(json.dumps(history, indent=1))
    return history


def main(argv=None):
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--epochs", type=int, default=3)
    p.add_argument("--lr", type=float, default=1e-3)
    p.add_argument("--out", type=Path, default=Path("runs"))
    p.add_argument("--eval", action="store_true", help="only evaluate")
    o = p.parse_args(argv)
    o.out.mkdir(exist_ok=True)
    model = Mlp()
    if o.eval:
        return accuracy(model, DataLoader([]))
    return fit(model, DataLoader([]), DataLoader([]), o.epochs, o.lr, o.out)


if __name__ == "__main__":
    main()
