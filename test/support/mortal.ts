/** The process ended here. */
export class Killed extends Error {}

/** The process ends at an await of the target's methods, before or after it took effect: where `dies` says so. */
export function mortal<T extends object>(target: T, dies: () => 'before' | 'after' | undefined): T {
  return new Proxy(target, {
    get: (object, name, self) => {
      const value: unknown = Reflect.get(object, name, self);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]) => {
        const when = dies();
        if (when === 'before') throw new Killed();
        const result: unknown = await (value as (...all: unknown[]) => unknown).apply(object, args);
        if (when === 'after') throw new Killed();
        return result;
      };
    },
  });
}
