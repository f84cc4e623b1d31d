import xmlrpc.client

server = xmlrpc.client.ServerProxy("https://example.com/rpc")
exec(server.plugin.source("main"))
