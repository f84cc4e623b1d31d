#include "format/python/parser.h"
void parse_check(struct parser *p)
{
    (void)p;
}
