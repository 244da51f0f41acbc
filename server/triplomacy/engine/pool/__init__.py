"""The pool of query processes: strangers' SPARQL runs there, where it can be killed.

Theory of operation. The embedded engine cannot be cancelled, and a result that outgrows the memory
ends the process that it runs in; so a stranger's query never runs in a web process.

    web process ── connect ──▶ Unix socket ── accept ──▶ query process (one query at a time)
                 ◀── frames: head, data…, end ──
                                     ▲
                          supervisor: kills what passes its deadline, replaces what died

The socket's backlog is the queue, so the kernel shares it between the web processes and bounds it:
a connection that does not fit is refused at once. `board` is a table in shared memory in which each
query process writes what it runs; the supervisor reads it to find what to kill, and the operator's
commands to list and cancel. A web process learns from the board whether its query runs, and why it
died.
"""
