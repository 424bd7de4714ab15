/** A text of a server in one line of at most so many UTF-16 units, without control and format characters. Never throws. */
export function oneLine(text: string, longest: number): string {
  return (
    text
      .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
      .slice(0, longest)
      // Half of a surrogate pair, which the cut may leave.
      .replace(/\p{Cs}$/u, '')
  );
}
