// What the Functions runtime offers an app under the name '@azure/functions-core'; the types are in programming-model.ts.
// Not bundled into the host: the app and the host have to get the same instance.
const functions = new Map();
const hooks = new Map();
let model;

class Disposable {
  constructor(callOnDispose) {
    this.callOnDispose = callOnDispose;
  }

  dispose() {
    this.callOnDispose?.();
  }
}

const core = {
  version: '3.11.1', // of the language worker, as @azure/functions expects it
  hostVersion: '4.1046.0',
  Disposable,
  functions,
  hooks,
  isStarted: false,
  log() {},
  setProgrammingModel(newModel) {
    model = newModel;
  },
  getProgrammingModel: () => model,
  registerHook(name, callback) {
    hooks.set(name, [...(hooks.get(name) ?? []), callback]);
    return new Disposable(() => {
      hooks.set(
        name,
        hooks.get(name).filter((other) => other !== callback),
      );
    });
  },
  registerFunction(metadata, callback) {
    if (core.isStarted) throw new Error(`the function "${metadata.name}" is registered after the app has started`);
    if (functions.has(metadata.name)) throw new Error(`the function "${metadata.name}" is registered twice`);
    functions.set(metadata.name, { metadata, callback });
    return new Disposable(() => functions.delete(metadata.name));
  },
};

module.exports = core;
