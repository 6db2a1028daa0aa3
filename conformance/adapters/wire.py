"""The protocol of conformance/WIRE.md, for engines in Python."""

import json
import sys


def serve(description, run):
    """Answers the runner until it says stop.

    run(request, call_task) gives the reply to a request; call_task(state, resource, effective_input) gives what a task
    answers: {"result": "output", "output": ...}, {"result": "error", "error": ..., "cause": ...} or {"result": "timeout"}.
    """
    # Whatever the engine prints would get in between: let it print to standard error.
    wire, sys.stdout = sys.stdout, sys.stderr

    def send(message):
        print(json.dumps(message), file=wire, flush=True)

    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "start":
            send({"type": "started", "protocol": 1, **description})
        elif message["type"] == "run":
            seq = message["seq"]

            def call_task(state, resource, effective_input):
                send({"type": "task", "seq": seq, "state": state, "resource": resource, "input": effective_input})
                return json.loads(sys.stdin.readline())

            send({"type": "reply", "seq": seq, **run(message, call_task)})
        elif message["type"] == "stop":
            break
