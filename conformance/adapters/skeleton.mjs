// An adapter for the suite (conformance/WIRE.md): replace `description` and `run` by your engine.
//
// As it stands it is an engine that knows the states Pass, Succeed, Fail and Task in their simplest form, and says of
// everything else that it does not support it.
//
//     asl-conformance run --command 'node conformance/adapters/skeleton.mjs'
//
// JSON.parse rounds integers beyond 2^53, so that three cases of data/numbers fail, and rightly.

import { serve } from "./wire.mjs";

// Who the engine is. What it does not list under features is not asked of it.
const description = {
  name: "skeleton-js",
  version: "0.1.0",
  language: "JavaScript",
  features: ["task"],
  observables: ["visited"],
  profiles: ["aws"],
};

const KNOWN = new Set(["Type", "Comment", "Next", "End", "Result", "Error", "Cause", "Resource"]);

// Runs request.definition on request.input, and gives the reply.
//
// await callTask(state, resource, effectiveInput) gives what a task answers: {result: "output", output},
// {result: "error", error, cause} or {result: "timeout"}.
async function run(request, callTask) {
  if (request.validateOnly || request.definition === undefined || request.input === undefined) {
    return { reply: "unsupported", reason: "anything but running a machine" };
  }
  const { States: states } = request.definition;
  let { StartAt: name } = request.definition;
  let data = request.input;
  const visited = [];
  while (visited.length < 1000) {
    const state = states[name];
    visited.push(name);
    const lacking = Object.keys(state).find((field) => !KNOWN.has(field));
    if (lacking) return { reply: "unsupported", reason: `the field ${lacking}` };
    switch (state.Type) {
      case "Succeed":
        break;
      case "Fail":
        return ended("FAILED", visited, { error: state.Error, cause: state.Cause });
      case "Task": {
        const { result, output, error, cause } = await callTask(name, state.Resource, data);
        if (result === "error") return ended("FAILED", visited, { error: error ?? undefined, cause: cause ?? undefined });
        if (result === "timeout") return ended("FAILED", visited, { error: "States.Timeout" });
        data = output;
        break;
      }
      case "Pass":
        if ("Result" in state) data = state.Result;
        break;
      default:
        return { reply: "unsupported", reason: `the state ${state.Type}` };
    }
    if (state.Type === "Succeed" || state.End) return ended("SUCCEEDED", visited, { output: data });
    name = state.Next;
  }
  return { reply: "error", message: "the machine goes round in circles" };
}

function ended(status, visited, result) {
  return { reply: "outcome", status, visited, ...result };
}

await serve(description, run);
