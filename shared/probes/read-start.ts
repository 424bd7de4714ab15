/** The text of an answer, `limit` bytes of it at most: what is longer is cut off, and so is no JSON. */
export async function readStart(response: Response, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const body: AsyncIterable<Uint8Array> | null = response.body;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > limit) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, limit);
}
