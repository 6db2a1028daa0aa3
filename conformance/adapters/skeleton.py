#!/usr/bin/env python3
"""An adapter for the suite (conformance/WIRE.md): replace `describe` and `run` by your engine.

As it stands it is an engine that knows the states Pass, Succeed, Fail and Task in their simplest form, and says of
everything else that it does not support it.

    asl-conformance run --command 'python3 conformance/adapters/skeleton.py'
"""

from wire import serve


def describe():
    """Who the engine is. What it does not list under features is not asked of it."""
    return {
        "name": "skeleton-py",
        "version": "0.1.0",
        "language": "Python",
        "features": ["task"],
        "observables": ["visited"],
        "profiles": ["aws"],
    }


def run(request, call_task):
    """Runs request["definition"] on request["input"], and gives the reply.

    call_task(state, resource, effective_input) gives what a task answers: {"result": "output", "output": ...},
    {"result": "error", "error": ..., "cause": ...} or {"result": "timeout"}.
    """
    if request["validateOnly"] or "definition" not in request or "input" not in request:
        return {"reply": "unsupported", "reason": "anything but running a machine"}
    states, name = request["definition"]["States"], request["definition"]["StartAt"]
    data, visited = request["input"], []
    while len(visited) < 1000:
        state = states[name]
        visited.append(name)
        if lacking := state.keys() - {"Type", "Comment", "Next", "End", "Result", "Error", "Cause", "Resource"}:
            return {"reply": "unsupported", "reason": "the field " + min(lacking)}
        kind = state["Type"]
        if kind == "Fail":
            return ended("FAILED", visited, error=state.get("Error"), cause=state.get("Cause"))
        if kind == "Task":
            answer = call_task(name, state["Resource"], data)
            if answer["result"] == "error":
                return ended("FAILED", visited, error=answer["error"], cause=answer["cause"])
            if answer["result"] == "timeout":
                return ended("FAILED", visited, error="States.Timeout")
            data = answer["output"]
        elif kind == "Pass":
            data = state.get("Result", data)
        elif kind != "Succeed":
            return {"reply": "unsupported", "reason": "the state " + kind}
        if kind == "Succeed" or state.get("End"):
            return ended("SUCCEEDED", visited, output=data)
        name = state["Next"]
    return {"reply": "error", "message": "the machine goes round in circles"}


def ended(status, visited, **result):
    """The outcome of an execution; an error or a cause that is None is none."""
    result = {key: value for key, value in result.items() if key == "output" or value is not None}
    return {"reply": "outcome", "status": status, "visited": visited, **result}


serve(describe(), run)
