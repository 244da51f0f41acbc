"""The gateway: between the server, which speaks RSGI, and the Flask application, which speaks WSGI.

Theory of operation. WSGI knows neither a client that leaves nor one that is slow: a thread waits
for both. The gateway does all waiting for clients on the event loop, and gives the application a
thread only while it works.

    client ─▶ gateway ── the whole body ─▶ a thread: the application ── pieces ─▶ gateway ─▶ client
                 │                                   ▲
                 ├── said before, exactly ─▶ client  └── the client left: stop its query
"""
