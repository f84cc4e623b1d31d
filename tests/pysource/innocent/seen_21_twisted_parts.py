from twisted.cred.error import UnauthorizedLogin
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IProducer
from twisted.python import log, usage
from twisted.python.filepath import FilePath
from twisted.trial import unittest

print(UnauthorizedLogin, Deferred, IProducer, log, usage, FilePath, unittest)
