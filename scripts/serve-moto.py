"""Serves moto on 127.0.0.1, port argv[1], one request at a time.

moto_server answers each request in a thread of its own, and moto does not check a condition and write
the item as one step: of two updates at once both may pass. DynamoDB never does that, so tests of
concurrent writes would fail now and then for a reason that is not theirs.
"""

import sys

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

run_simple("127.0.0.1", int(sys.argv[1]), DomainDispatcherApplication(create_backend_app), threaded=False)
