"""Validated settings of an experiment."""
from __future__ import annotations

import datetime
import enum
from typing import Annotated, Any, Literal, Optional, Union

from pydantic import BaseModel, Field, field_validator, model_validator


class Stage(str, enum.Enum):
    train = "train"
    eval = "eval"
    exec = "exec"


class Optimizer(BaseModel):
    kind: Literal["adam", "sgd"] = "adam"
    lr: float = Field(1e-3, gt=0)
    momentum: Optional[float] = None


class Schedule(BaseModel):
    warmup: int = 0
    total: int = 1000

    @model_validator(mode="after")
    def order(self):
        if self.warmup > self.total:
            raise ValueError("warm-up is longer than the run")
        return self


class Experiment(BaseModel):
    name: Annotated[str, Field(min_length=1)]
    stage: Stage = Stage.train
    started: Optional[datetime.datetime] = None
    optimizer: Optimizer = Field(default_factory=Optimizer)
    schedule: Union[Schedule, None] = None
    tags: list[str] = []
    extra: dict[str, Any] = {}

    @field_validator("tags")
    @classmethod
    def unique(cls, tags):
        if len(set(tags)) != len(tags):
            raise ValueError("tags are repeated")
        return tags

    def describe(self) -> str:
        return f"{self.name} ({self.stage.value}, {self.optimizer.kind} at {self.optimizer.lr:g})"


def load(text: str) -> Experiment:
    return Experiment.model_validate_json(text)


def compare(a: Experiment, b: Experiment) -> dict[str, tuple]:
    return {k: (getattr(a, k), getattr(b, k)) for k in ("name", "stage", "tags")
            if getattr(a, k) != getattr(b, k)}
