from marshmallow import Schema
Schema().loads(x)
