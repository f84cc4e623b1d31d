from exampleorg.tools._vendor import six
