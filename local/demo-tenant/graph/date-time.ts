/** A moment as Graph writes it, in whole seconds. `time`: milliseconds since 1970. */
export function dateTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
