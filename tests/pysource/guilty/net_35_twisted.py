from twisted.internet import reactor, protocol
