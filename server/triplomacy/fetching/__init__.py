"""Fetching: a request to a server that is not ours, from the look-up of its name to the last byte.

Theory of operation. Whoever answers may be slow, hostile or somebody else. So a request has one
deadline and one size for all of it: `endpoints` knows the address in one spelling, `addresses` says
to which machines its name may lead, `connection` connects to the very one that was looked at and
ends in time, `exchange` speaks HTTP over it and puts what fails into words, and `nesting` looks at
an answer before a parser does, whose stack is only so deep.
"""
